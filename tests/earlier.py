"""An earlier version of the code, as git has it, run beside today's on one database."""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.places import ROOT

NEWEST_MIGRATION = ["log", "-1", "--diff-filter=A", "--format=%H", "--", "*/migrations/0*.py"]
RELEASED = re.compile(r"^## (\d[\d.]*) ", re.M)  # CHANGELOG.md, newest first
CUT = re.compile(r"^## (?:Unreleased\s+## )?(\S+)", re.M)  # of a release nothing is unreleased
NOT_BESIDE = re.compile(r"^\| `(v[\d.]+)` \| no", re.M)  # docs/upgrading.md
APART_S = 0.005


def git(*arguments: str) -> str:
    """What git answers; nothing where there is no git, or no history."""
    if not shutil.which("git"):
        return ""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def reference() -> str:
    """The newest release that may run beside today, else what was before the newest migration; or nothing."""
    if given := os.environ.get("UPGRADE_FROM") or release():
        return given
    newest = git(*NEWEST_MIGRATION)
    return git("rev-parse", "--verify", "--quiet", f"{newest}^") if newest else ""


def release() -> str:
    """The tag, or the commit that cut it, of the newest release that may run beside today; or nothing."""
    never = NOT_BESIDE.findall((ROOT / "docs" / "upgrading.md").read_text())
    for version in RELEASED.findall((ROOT / "CHANGELOG.md").read_text()):
        if f"v{version}" in never:
            continue
        cut = git("rev-parse", "--verify", "--quiet", f"v{version}^{{commit}}")
        cut = cut or git("log", "-1", "--format=%H", f"-S## {version} ", "--", "CHANGELOG.md")
        # Where history is cut off its first commit seems to have written all of it.
        heading = CUT.search(git("show", f"{cut}:CHANGELOG.md")) if cut else None
        if heading and heading[1] == version and cut != git("rev-parse", "HEAD"):
            return cut
    return ""


def unpack(ref: str, folder: Path) -> Path:
    """The tree of a version, in a folder of its own."""
    archive, tree = folder / "earlier.zip", folder / "earlier"
    subprocess.run(["git", "archive", f"--output={archive}", ref], cwd=ROOT, check=True)
    shutil.unpack_archive(archive, tree)
    return tree


def manage(tree: Path, url: str, *arguments: str) -> str:
    """What a command of that tree prints, run on the database at `url`."""
    given = {**os.environ, "DATABASE_URL": url, "CALLSTORE_DATA_DIR": str(tree.parent / "data")}
    given |= {"CALLSTORE_DEMO": "1", "PYTHONPATH": str(tree)}
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=tree, env=given, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{arguments}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


@dataclass
class Writer:
    """Asks for the lock of a writer, again and again; how long in seconds it waited, by table."""

    url: str
    tables: list[str]
    waited: dict[str, list[float]] = field(default_factory=dict)

    @contextmanager
    def beside(self) -> Iterator["Writer"]:
        """Do so while the block runs."""
        over = threading.Event()
        thread = threading.Thread(target=self._ask, args=(over,))
        thread.start()
        try:
            yield self
        finally:
            over.set()
            thread.join()

    def _ask(self, over: threading.Event) -> None:
        with psycopg.connect(self.url, autocommit=True) as own:
            while not over.is_set():
                for table in self.tables:
                    began = time.perf_counter()
                    with own.transaction():
                        own.execute(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE")  # type: ignore[call-overload]  # a name is no parameter
                    self.waited.setdefault(table, []).append(time.perf_counter() - began)
                time.sleep(APART_S)
