"""A recipe of CONTRIBUTING.md, followed to the letter in a copy of the tree.

A block of a recipe names the file that it is about in its first line:

- `python`, `# path`: a new file;
- `diff`, `--- path`: lines of a file taken out and put in, `@@` between two places of it;
- `markdown`, `<!-- path, after `name` -->`: rows of a table, behind the row of that name.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tests.places import ROOT

PAGE = ROOT / "CONTRIBUTING.md"
FENCE = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", re.M | re.S)
HEAD = re.compile(r"(?:# |--- |<!-- )(?P<path>[\w./-]+)(?:, after `(?P<row>[\w.]+)` -->)?")
COPIED = (
    "callstore", "ingest", "dashboard", "docs", "tests",
    ".env.example", "compose.yaml", "manage.py", "pyproject.toml",
)  # fmt: skip
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.wav", "*.jsonl", "fixtures", "recipes")


class Block(NamedTuple):
    """What a recipe does to one file; `row` is the row of a table that its lines go behind."""

    language: str
    path: str
    row: str | None
    lines: list[str]

    @property
    def is_a_test(self) -> bool:
        return self.path.startswith("tests/")


def titles() -> list[str]:
    """The recipes that there are."""
    return re.findall(r"^### (.+)$", PAGE.read_text(), re.M)


def section(title: str) -> str:
    """What stands below this heading."""
    return re.split(r"^#{2,3} ", PAGE.read_text().partition(f"\n### {title}\n")[2], flags=re.M)[0]


def recipe(title: str) -> list[Block]:
    """The blocks of the recipe with this title, in their order."""
    found = []
    for language, text in FENCE.findall(section(title)):
        indent = re.match(" *", text)[0]
        head, *lines = [line.removeprefix(indent) for line in text.splitlines()]
        if of := HEAD.match(head):
            found.append(Block(language, of["path"], of["row"], lines))
    assert found, f"CONTRIBUTING.md has no recipe named {title}"
    return found


def copy_of_the_tree(folder: Path) -> Path:
    """The sources, docs and tests in a folder of their own."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name, **({"ignore": LEFT_OUT} if copy is shutil.copytree else {}))
    return folder


def follow(block: Block, tree: Path) -> None:
    """Do what the block says. Fails where the tree is not as the recipe takes it to be."""
    path = tree / block.path
    match block.language:
        case "python":
            assert not path.exists(), f"{block.path} is there already"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(block.lines).lstrip("\n") + "\n")
        case "diff":
            path.write_text(_changed(path.read_text(), block))
        case "markdown":
            rows = path.read_text().split("\n")
            [at] = [
                n
                for n, row in enumerate(rows)
                if block.row and re.match(rf"\| `{re.escape(block.row)}:?` \|", row)
            ]
            path.write_text("\n".join([*rows[: at + 1], *block.lines, *rows[at + 1 :]]))
        case language:
            raise AssertionError(f"nothing is done with {language}")


def _changed(text: str, block: Block) -> str:
    for hunk in "\n".join(block.lines).split("\n@@\n"):
        lines = hunk.split("\n")
        before = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "+")
        after = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "-")
        assert text.count(before) == 1, f"not once in {block.path}:\n{before}"
        text = text.replace(before, after)
    return text


def run_tests(tree: Path, *chosen: str) -> subprocess.CompletedProcess[str]:
    """pytest on tests of the copy, without the servers that the real tests start."""
    options = ["--noconftest", "-q", "-p", "no:cacheprovider", "-p", "pytest_timeout", "-p", "tests.judging"]
    options += ["-o", "markers=django_db: not chosen here"]
    given = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, *chosen],
        cwd=tree,
        env={**given, "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
    )


def lint(tree: Path, paths: Iterable[str]) -> None:
    """Fail where what stands there now is not as `make check` wants it."""
    for command in (["check"], ["format", "--check"]):
        subprocess.run([sys.executable, "-m", "ruff", *command, *sorted(paths)], cwd=tree, check=True)
