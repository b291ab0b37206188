"""An upgrade without a pause: the schema first, beside writers, and the earlier code works on with it."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from callstore.domain.facts.codec import decode
from tests.earlier import RELEASED, Writer, manage, reference, release, unpack
from tests.places import ROOT

PAGE = (ROOT / "docs" / "upgrading.md").read_text()
TABLES = ["log.event", "log.head", "log.stream", '"call"']
MIGRATIONS = sorted(
    f"{path.parents[1].name} {path.stem}"
    for house in ("callstore", "ingest", "dashboard")
    for path in (ROOT / house).rglob("migrations/0*.py")
)
# A lock is given at once here; a machine that does other things may give the thread its turn late.
MOST_S = 2.0

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def earlier(tmp_path_factory) -> Path:
    if not (ref := reference()):
        pytest.skip("no git, or no history: the code of an earlier version cannot be had")
    return unpack(ref, tmp_path_factory.mktemp("upgrade"))


@pytest.fixture(scope="module")
def url(django_db_setup) -> Iterator[str]:
    """A database of its own, as the owner reaches it."""
    name, at = "test_upgrade", urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(at._replace(path="/postgres").geturl(), autocommit=True) as own:
        own.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        own.execute(f"CREATE DATABASE {name}")
        yield at._replace(path=f"/{name}").geturl()
        own.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_the_schema_goes_first_beside_writers_and_the_earlier_code_works_on(earlier, url):
    manage(earlier, url, "migrate", "--verbosity=0")
    manage(earlier, url, "simulate", "--calls=20", "--direct", "--brief", "--processes=1")
    manage(earlier, url, "rebuild", "--processes=1")
    with Writer(url, TABLES).beside() as writer:
        manage(ROOT, url, "migrate", "--verbosity=0")
    assert {*writer.waited} == {*TABLES}
    assert max(map(max, writer.waited.values())) < MOST_S
    # Web, worker and relay of the earlier version are still there, and today's have begun beside them: each
    # appends, and each projects what the other has appended.
    for tree, other in ((earlier, ROOT), (ROOT, earlier)):
        manage(tree, url, "simulate", "--calls=5", "--direct", "--brief", "--processes=1")
        manage(other, url, "rebuild", "--since=2000-01-01T00:00:00Z")
    manage(ROOT, url, "verify_log")
    manage(earlier, url, "verify_log")
    with psycopg.connect(url) as own:
        assert own.execute('SELECT count(*) FROM "call"').fetchone() == (30,)
        assert own.execute("SELECT count(*) FROM log.head WHERE since IS NOT NULL").fetchone() == (0,)


def test_what_is_upgraded_from_is_the_newest_release_that_may_run_beside_with_a_tag_or_without(earlier):
    released = RELEASED.findall((ROOT / "CHANGELOG.md").read_text())
    if os.environ.get("UPGRADE_FROM") or not (ref := release()):
        pytest.skip("another one is asked for, or history does not reach back to a release")
    assert ref == reference()
    [version] = re.findall(r'^version = "(.*?)"', (earlier / "pyproject.toml").read_text(), re.M)
    assert version in released and RELEASED.findall((earlier / "CHANGELOG.md").read_text())[0] == version


def test_every_migration_has_its_row_that_says_what_it_locks():
    rows = re.findall(r"^\| `(\w+ \d{4}_\w+)` \|", PAGE, re.M)
    since = {name for name in MIGRATIONS if name not in rows}
    assert not since, "docs/upgrading.md says of each what it locks"
    assert {*rows} <= {*MIGRATIONS}


def test_a_fact_that_an_earlier_version_wrote_is_read_with_the_defaults_of_what_came_since():
    old = decode("leg.status", {"status": "ringing"}, {})
    assert old.status == "ringing"


def test_a_fact_of_a_later_version_keeps_no_earlier_one_from_reading_the_call():
    later = decode("leg.status", {"status": "ringing", "of_tomorrow": 1}, {})
    assert later.status == "ringing"
