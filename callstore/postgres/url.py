"""An address of Postgres as Django's settings."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# A server that went without a word (a cable, a failover) is given up after some 20 s, not after two hours.
SILENCE = {
    "connect_timeout": 10,
    **{"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2, "tcp_user_timeout": 20_000},
}
# And the server gives up a host that went like that, with the locks that it held, after 8 s. While what it
# sent is not yet received it asks for no sign of life; in the midst of a save no other limit holds.
GONE = (
    "-c tcp_keepalives_idle=4 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=2 -c tcp_user_timeout=8000"
)


def databases(url: str, replica_url: str) -> dict[str, dict[str, Any]]:
    """Django's DATABASES: of a replica, where one is given, is read what may be a moment old."""
    first = {"default": database(url)}
    return first | {"replica": replica(replica_url)} if replica_url else first


def database(url: str, name: str = "DATABASE_URL") -> dict[str, Any]:
    """A postgresql:// URL as Django's settings, with psycopg's pool. Raises ImproperlyConfigured."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        # What Python says of it may quote the password, from which such a character parts the host.
        said = f"{name} has no port that is a number, or an unescaped character"
        raise ImproperlyConfigured(f"{said}: in a password write / ? # @ [ as %2F %3F %23 %40 %5B.") from None
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(f"{name} must begin with postgresql://")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "callstore.postgres",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(port or ""),
        # Autocommit, no ATOMIC_REQUESTS: a transaction around the one statement of an append costs 40 %.
        # The append is planned once a connection (1.5 ms to 0.5 ms each); the ORM never prepares.
        # Who asks for a connection has one tried for at once: the pool's own tries grow rarer, up to minutes.
        "OPTIONS": {
            **SILENCE,
            **query,
            "options": f"{GONE} {query.get('options', '')}".strip(),
            "prepare_threshold": 1,
            "pool": {"min_size": 1, "max_size": 16, "timeout": 10, "reconnect_timeout": 1},
        },
        "TEST": {"NAME": f"test_{unquote(parts.path.lstrip('/'))}"},
    }


def replica(url: str) -> dict[str, Any]:
    """The same of a replica, which nobody waits for: the first answers everything that it does not."""
    made = database(url, "DATABASE_REPLICA_URL")
    made["OPTIONS"] |= {"connect_timeout": 2, "tcp_user_timeout": 5_000}
    made["OPTIONS"]["pool"] |= {"timeout": 2}
    return made
