"""What is missing or wrong in the settings, named before anything serves; docs/operations.md explains."""

import base64
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, DatabaseError
from psycopg.errors import UndefinedTable

from callstore.base.environment import environment
from callstore.eventlog.crypto import key_check, keys
from callstore.eventlog.retention import months
from ingest.providers.setting import as_bytes, declared

SPOOL = "callstore.spool"  # asked where deliveries are taken in: other processes have no such folder
LOG_KEY_BYTES = 32
SECRET_BYTES = 16  # what nobody guesses: 128 bits where they were drawn at random


@register("callstore")
def check_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every error and warning about the settings of this process."""
    return [*_errors(), *_short_secrets(), *_warnings()]


@register(Tags.database)
def check_log_key(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Whether LOG_KEY opens the log, where the database may be asked: `check --database default`."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    try:
        return [] if key_check.opens() else [Error(str(keys.WrongLogKey()), id="callstore.E010")]
    except ImproperlyConfigured:
        return []  # named by the checks above
    except DatabaseError as error:
        if isinstance(error.__cause__, UndefinedTable):
            return []  # before the first migration
        return [Error(f"The log cannot be read: {str(error).splitlines()[0]}.", id="callstore.E011")]


@register(SPOOL, deploy=True)
def check_spool(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Whether the spool's folder is there, or can be made, and can be written."""
    folder = Path(settings.SPOOL_DIR)
    try:
        there = next(path for path in (folder, *folder.parents) if path.exists())
        with TemporaryFile(dir=there):  # nothing is left, nor made
            return []
    except OSError as error:
        said = f"SPOOL_DIR {folder} cannot be written ({error.strerror}); it keeps what the database cannot."
        return [Warning(said, hint="A folder of a disk that outlives this process.", id="callstore.W006")]


def _errors() -> Iterator[CheckMessage]:
    if settings.SECRET_KEY == settings.NO_SECRET_KEY:
        yield Error(
            "SECRET_KEY is not set.", hint="Fifty random characters, kept secret.", id="callstore.E001"
        )
    if (zone := environment().str("TIME_ZONE", "UTC")) != "UTC":
        yield Error(f"TIME_ZONE must be UTC, not {zone!r}.", id="callstore.E002")
    if not settings.LOG_KEYS:
        made = 'python -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())"'
        hint = f"The one that the log was written with. For a new log: {made}"
        yield Error("LOG_KEY is not set: no fact can be kept.", hint=hint, id="callstore.E003")
    if any(not _is_log_key(key) for key in settings.LOG_KEYS):
        yield Error("LOG_KEY must be 32 bytes in base64, or several comma separated.", id="callstore.E004")
    if not settings.DATABASE_URL:
        yield Error("DATABASE_URL is not set.", hint="`manage.py up` brings its own.", id="callstore.E005")
    if not _is_redis_address(settings.REDIS_URL):
        said = "REDIS_URL must begin with redis://, rediss:// or unix://, and a port of it be a number."
        hint = "In a password write / ? # @ [ as %2F %3F %23 %40 %5B."
        yield Error(said, hint=hint, id="callstore.E013")
    if settings.SPOOL_LIMIT_MB < 1:
        yield Error("SPOOL_LIMIT_MB must be a number of 1 or more.", id="callstore.E008")
    if settings.RETENTION_DAYS is not None and not months.is_retention(settings.RETENTION_DAYS):
        said = f"RETENTION_DAYS must be a number of {months.LEAST_DAYS} to {months.MOST_DAYS:,}."
        hint = "Facts come late: a younger month is not whole. Unset, calls are kept for ever."
        yield Error(said, hint=hint, id="callstore.E009")
    kept = settings.RECORDING_RETENTION_DAYS
    if kept is not None and not 1 <= kept <= months.MOST_DAYS:
        said = f"RECORDING_RETENTION_DAYS must be a number of 1 to {months.MOST_DAYS:,}."
        yield Error(said, hint="Unset, recordings are kept as long as their calls.", id="callstore.E012")
    if settings.PUBLIC_BASE_URL and not settings.PUBLIC_ORIGIN:
        said = "PUBLIC_BASE_URL must begin with http:// or https:// and name a host."
        yield Error(said, hint="https://callstore.example.com", id="callstore.E007")
    yield from _sign_on_errors()
    if not all(map(_is_web_address, settings.STATUS_FEEDS)):
        said = "STATUS_FEEDS must hold addresses that begin with http:// or https:// and name a host."
        yield Error(said, hint="https://status.openai.com/api/v2/incidents.json", id="callstore.E020")


def _sign_on_errors() -> Iterator[CheckMessage]:
    header = settings.REMOTE_USER_HEADER
    if header and not (header.isascii() and header.replace("-", "").isalnum()):
        yield Error(f"REMOTE_USER_HEADER {header!r} is no name of a header.", id="callstore.E021")
    if header and not settings.TRUSTED_PROXIES:
        said = "REMOTE_USER_HEADER is set without TRUSTED_PROXIES: the header is taken from nobody."
        yield Error(said, hint="The addresses of your proxy, such as 10.0.0.0/8.", id="callstore.E022")
    if settings.OIDC_ISSUER and not (settings.OIDC_CLIENT_ID and settings.OIDC_CLIENT_SECRET):
        said = "OIDC_ISSUER is set without OIDC_CLIENT_ID and OIDC_CLIENT_SECRET."
        yield Error(said, id="callstore.E023")
    if settings.OIDC_ISSUER and not _is_web_address(settings.OIDC_ISSUER):
        yield Error("OIDC_ISSUER must begin with https:// and name a host.", id="callstore.E024")


def _secrets() -> Iterator[tuple[str, Iterable[bytes]]]:
    """The secrets that somebody chose, as bytes, by setting: those of a demo everybody knows anyway."""
    keys = {setting.name: setting.keys for setting in declared()}
    keys |= {"API_TOKENS": as_bytes, "SECRET_KEY": lambda key: as_bytes([key])}
    for name, read in keys.items():
        if environment().str(name, ""):
            yield name, read(getattr(settings, name))


def _short_secrets() -> Iterator[CheckMessage]:
    """Secrets that can be guessed: refused, but for those that only this machine can try."""
    tried_here_only = environment().flag("CALLSTORE_LOOPBACK")
    for name, secrets in _secrets():
        if any(len(secret) < SECRET_BYTES for secret in secrets):
            said = f"{name} holds a secret of less than {SECRET_BYTES} bytes, which can be guessed."
            hint = "Of a webhook's secret the bytes count that its base64 says."
            # A cut-off webhook secret may be the empty key, by which everybody signs.
            if tried_here_only and name != "OPENAI_WEBHOOK_SECRETS":
                yield Warning(said, hint=hint, id="callstore.W007")
            else:
                yield Error(said, hint=hint, id="callstore.E006")


def _warnings() -> Iterator[CheckMessage]:
    # A door without its secret is shut; that may be meant, so it is a warning.
    wanted = [(setting.check, setting.name, setting.without) for setting in declared()]
    wanted.append(("callstore.W004", "PUBLIC_BASE_URL", "no Twilio signature can be verified"))
    for id_, name, consequence in wanted:
        # A demo has everything but its address, which `up` gives to those who serve it.
        if not getattr(settings, name) and not settings.DEMO:
            yield Warning(f"{name} is not set: {consequence}.", id=id_)
    if environment().flag("TRANSCRIBE_TAIL") and not settings.OPENAI_API_KEY:
        yield Warning("TRANSCRIBE_TAIL is 1, but without OPENAI_API_KEY no gap is read.", id="callstore.W005")


def _is_redis_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 -- raises for a port that is none, and may quote the password of that
    except ValueError:
        return False
    return parts.scheme in ("redis", "rediss", "unix")


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https") and bool(parts.hostname) and text.isascii() and text.isprintable()
    )


def _is_log_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == LOG_KEY_BYTES
    except ValueError:  # no base64, or not even ASCII
        return False
