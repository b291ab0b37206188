"""Our processes: the one table that `up`, compose.yaml, the image, deploy/systemd and docs/operations.md run.

It needs nothing that a deployment does not have; tests/local/test_processes.py compares the others with it.
"""

import sys
from dataclasses import dataclass

# Celery would have root think again at each start; root's demos have.
PYTHON = [sys.executable, "-W", "ignore:You're running the worker"]
CELERY = ["python", "-m", "celery", "--quiet", "--app=callstore.celery"]

LOGGING = frozenset({"CALLSTORE_LOG", "CALLSTORE_LOG_LEVEL"})  # each is told
# And what it is told besides: where each has an environment of its own none has a secret too many.
STORE = frozenset({"DATABASE_URL", "REDIS_URL"})
PROOFS = frozenset({"TWILIO_ACCOUNTS", "OPENAI_WEBHOOK_SECRETS", "INGEST_TOKENS"})
ALERTS = frozenset({"EMAIL_URL", "ALERT_URLS"})
READERS = ALERTS | {"API_TOKENS", "OIDC_CLIENT_SECRET", "DATABASE_REPLICA_URL"}
PLACES = frozenset({"ALLOWED_HOSTS", "PUBLIC_BASE_URL", "TRUSTED_PROXIES"})
SIGN_IN = frozenset({"REMOTE_USER_HEADER", "OIDC_ISSUER", "OIDC_CLIENT_ID"})
# Where recordings lie: whoever writes or plays them.
BUCKET_SECRETS = frozenset({"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})
RECORDINGS = frozenset({"RECORDING_STORAGE", "AWS_ACCESS_KEY_ID", "AWS_REGION", "AWS_ENDPOINT_URL"})


@dataclass(frozen=True, slots=True)
class Process:
    """One process, started in the folder of manage.py or, where the wheel is installed, anywhere.

    It ends at SIGTERM after the work in hand.
    """

    name: str
    argv: list[str]  # `python` is whichever has the requirements
    stop_seconds: int = 10  # between SIGTERM and SIGKILL
    secrets: frozenset[str] = frozenset()
    settings: frozenset[str] = frozenset()  # what is none, without LOGGING

    @property
    def health(self) -> list[str]:
        """A command that exits 1 while the process does not answer, or did not say in time that it lives."""
        if self.name == "web":
            ask = "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=5)"
            return ["python", "-c", ask]
        return ["python", "-m", "callstore.health.alive", self.name]


def processes(host: str, port: int) -> list[Process]:
    """All of them, with the address that web listens on."""
    log = STORE | {"LOG_KEY", "SECRET_KEY"}  # the second makes what stands for a SIP Call-ID, and signs
    return [
        Process(
            "web",
            web(host, port),
            secrets=log | PROOFS | READERS | BUCKET_SECRETS,
            # How long calls are kept it tells on /metrics: which months are overdue.
            settings=PLACES
            | SIGN_IN
            | RECORDINGS
            | {"FINISH_TOOLS", "STATUS_FEEDS", "SPOOL_LIMIT_MB", "RETENTION_DAYS"},
        ),
        Process(
            "worker",
            worker("worker", "calls"),
            20,
            secrets=log | {"OPENAI_API_KEY"},
            # An alert's text has links, what is old is reminded of, and traces are asked for.
            settings=frozenset(
                {"PUBLIC_BASE_URL", "FINISH_TOOLS", "TRANSCRIBE_TAIL", "RETENTION_DAYS"}
                | {"RECORDING_RETENTION_DAYS", "OTEL_EXPORTER_OTLP_ENDPOINT"}
            ),
        ),
        # A process of its own, so that an hour's recording takes no thread, lock or memory from live calls.
        Process(
            "fetcher",
            worker("fetcher", "recordings"),
            20,
            secrets=log | ALERTS | BUCKET_SECRETS | {"OPENAI_API_KEY", "TWILIO_ACCOUNTS"},
            settings=RECORDINGS
            | frozenset(
                {"PUBLIC_BASE_URL", "FINISH_TOOLS", "TRANSCRIBE_TAIL", "TRANSCRIBE_MODEL", "OPENAI_BASE_URL"}
                | {"STATUS_FEEDS", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_CALL_WORDS"}
            ),
        ),
        Process("beat", [*CELERY, "beat", "--pidfile="], secrets=STORE),
        Process("relay", python("relay"), secrets=STORE),
        # It closes its sockets and has what it saw kept before it goes.
        Process(
            "watch",
            python("watch"),
            20,
            secrets=log | {"OPENAI_API_KEY"},
            settings=frozenset({"OPENAI_REALTIME_URL", "OPENAI_LIVE_URL", "FINISH_TOOLS", "SPOOL_LIMIT_MB"}),
        ),
    ]


def python(*arguments: str) -> list[str]:
    """A command of ours: what `manage.py` and `callstore` run, too."""
    return ["python", "-m", "callstore", *arguments]


def web(host: str, port: int) -> list[str]:
    """Granian with one process of ours; docs/adr/0003 has the measurements."""
    where = [f"--host={host}", f"--port={port}"]
    how = ["--interface=asgi", "--workers=1", "--no-ws"]
    # With one protocol alone a silent connection is closed like one that stops in a header.
    limits = ["--http=1", "--http1-header-read-timeout=10000", "--http1-buffer-size=65536"]
    limits += ["--backpressure=16384"]  # of connections, not requests
    care = ["--respawn-failed-workers", "--log-level=error"]
    return ["python", "-m", "granian", *where, *how, *limits, *care, "callstore.asgi:application"]


def worker(name: str, queue: str) -> list[str]:
    """Celery with two threads on one queue: two processes would hold everything in memory twice."""
    how = ["--pool=threads", "--concurrency=2", "--without-gossip", "--without-mingle", "--loglevel=WARNING"]
    return [*CELERY, "worker", f"--hostname={name}@%h", f"--queues={queue}", *how]


def by_this_python(argv: list[str]) -> list[str]:
    """The same command, run by the interpreter that runs us."""
    return [*PYTHON, *argv[1:]]
