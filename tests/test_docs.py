"""Documentation that can fail: every event, finding and field has its place."""

import ast
import dataclasses
import re
import sys
import tomllib
from pathlib import Path

import pytest

from callstore.domain.facts.codec import event_types
from callstore.domain.facts.silence import LONGEST_SESSION_S, USUAL_LEG_S
from callstore.domain.facts.vocabulary import GAP_KINDS, LEADS_TO
from callstore.findings.cross_call.find import cross_call_rules
from callstore.findings.rule import rules
from callstore.verdict.truncation import CLOSING_S, LOST_S, RULES_VERSION
from tests.panel import GUIDE, PANEL, founding_panel
from tests.places import ROOT


def rows(page: str) -> dict[str, str]:
    """The table rows of a page by the code in their first cell."""
    text = (ROOT / "docs" / page).read_text()
    return {m[1]: m[0] for m in re.finditer(r"^\| `([\w.]+)` \|.*$", text, re.M)}


@pytest.mark.parametrize("name", event_types())
def test_every_event_has_its_row_and_every_field_its_name(name):
    row = rows("events.md")[name]
    for field in dataclasses.fields(event_types()[name]):
        personal = field.name in event_types()[name].PERSONAL
        assert (f"*{field.name}*" if personal else f"`{field.name}`") in row


FINDINGS = [
    *((slug, check, "findings/rules") for slug, check in rules().items()),
    *((slug, check, "findings/cross_call") for slug, check in cross_call_rules().items()),
]
# It fires; it is silent for the nearest innocent call; it knows what it cannot know.
CLAIMS = ("test_fires", "test_stays_silent", ("test_admits", "test_claims_nothing"))


@pytest.mark.parametrize(("slug", "check", "folder"), FINDINGS)
def test_every_finding_has_its_file_its_row_and_its_three_claims(slug, check, folder):
    assert slug in rows("findings.md")
    module = sys.modules[check.__module__]
    assert module.__doc__ and Path(module.__file__).stem == slug
    tests = ast.parse((ROOT / "tests" / folder / f"test_{slug}.py").read_text()).body
    named = [test.name for test in tests if isinstance(test, ast.FunctionDef)]
    assert [any(name.startswith(claim) for name in named) for claim in CLAIMS] == [True] * 3


def test_every_pattern_of_the_field_guide_has_its_finding():
    patterns = {cell for row in rows("findings.md").values() for cell in row.split("|")[2].split()}
    assert patterns >= {f"P{number}" for number in range(1, 30)} | {"P4b", "32113"}


def test_the_row_of_a_deciding_finding_ends_with_its_verdict():
    page = (ROOT / "docs" / "findings.md").read_text()
    for cause, verdict in LEADS_TO.items():
        assert re.search(rf"^\| `{cause}` \|.*\| `{verdict}` \|$", page, re.M), cause


def test_no_row_speaks_of_what_is_not_there():
    assert set(rows("findings.md")) - set(GAP_KINDS) == set(rules()) | set(cross_call_rules())
    assert set(rows("events.md")) == set(event_types())


def test_the_guide_shows_the_founding_calls_verdict_as_it_is():
    assert PANEL.findall(GUIDE.read_text()) == [founding_panel()], "python -m tests.panel writes it anew"


def test_the_findings_say_after_how_long_a_call_is_closed():
    leg, session = (f"{limit_s / 3600:g} h" for limit_s in (USUAL_LEG_S, LONGEST_SESSION_S))
    told = f"{leg} where a leg is known, {session} for a session alone"
    assert told in (ROOT / "docs" / "findings.md").read_text()


def test_the_pages_say_what_is_truncated_and_every_version_of_the_rules_has_its_row():
    findings, operations = ((ROOT / "docs" / page).read_text() for page in ("findings.md", "operations.md"))
    assert f"in the last {CLOSING_S:.1f} s before the AI leg ended; at least {LOST_S:.1f} s of" in findings
    assert f"each gap of {LOST_S:g} s or more is cut out of it" in operations
    versions = findings.partition("## Versions of the rules")[2].partition("\n## ")[0]
    assert re.findall(r"^\| (\d+) \|", versions, re.M) == [str(n + 1) for n in range(RULES_VERSION)]


def test_the_readme_fits_on_a_screen():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 60


def test_every_page_is_in_the_table_of_contents():
    contents = (ROOT / "docs" / "README.md").read_text()
    pages = [page for page in ROOT.glob("docs/*.md") if page.name != "README.md"]
    assert [page.name for page in pages if f"({page.name})" not in contents] == []


PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob(".github/*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("ingest/**/*.md")]
)
FOLDERS = ("callstore", "ingest", "dashboard", "benchmarks", "tests")
FILE = re.compile(r"[\w./-]+\.(?:py|sql|js|css|html|md|toml|yaml|yml|png)")
PACKAGE = re.compile(rf"(?:{'|'.join(FOLDERS)})(?:/[\w-]+)+/?")
MODULE = re.compile(rf"(?:{'|'.join(FOLDERS)})(?:\.[a-z_]+)+")
OF_THE_READER = {"check.py", "compose.override.yaml", "callstore.env", "callstore.target"}  # he saves them


def headings(page: Path) -> set[str]:
    """The anchors of a page, as the hosts of repositories make them."""
    lines = re.findall(r"^#+ (.+)$", page.read_text(), re.M)
    return {re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in lines}


def test_every_local_link_of_the_docs_leads_somewhere():
    for page in PAGES:
        for path, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", page.read_text()):
            target = page.parent / path if path else page
            assert target.exists(), f"{page.name} → {path}"
            assert not anchor or anchor in headings(target), f"{page.name} → {path}#{anchor}"


def is_there(span: str, page: Path) -> bool:
    """Whether what a page names is there, seen from the root, from callstore or from the page itself."""
    if MODULE.fullmatch(span):
        path = ROOT / span.replace(".", "/")
        return path.is_dir() or path.with_suffix(".py").exists()
    if any((start / span).exists() for start in (ROOT, ROOT / "callstore", page.parent)):
        return True
    return "/" not in span and any(next((ROOT / folder).rglob(span), None) for folder in FOLDERS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_the_docs_name_is_there(page):
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.M | re.S))
    named = [s for s in spans if any(kind.fullmatch(s) for kind in (FILE, PACKAGE, MODULE))]
    assert [span for span in named if span not in OF_THE_READER and not is_there(span, page)] == []


HOUSES = ("callstore", "ingest", "dashboard")
NO_ROOMS = {"management", "commands", "migrations"}
ROOMS = sorted(
    path.parent
    for house in HOUSES
    for path in (ROOT / house).rglob("__init__.py")
    if not NO_ROOMS & {*path.relative_to(ROOT).parts}
)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(ROOT)))
def test_every_room_says_what_lies_in_it_and_has_its_paragraph(room):
    assert ast.get_docstring(ast.parse((room / "__init__.py").read_text()))
    assert f"`{room.relative_to(ROOT)}`" in (ROOT / "docs" / "architecture.md").read_text()


def test_a_file_that_is_told_of_a_room_lies_in_it():
    rooms = (ROOT / "docs" / "architecture.md").read_text().partition("## The walls")[0]
    for paragraph in re.split(rf"\n\n|\n(?=`(?:{'|'.join(HOUSES)})/)", rooms):
        named = re.findall(r"`([^`\n]+)`", paragraph)
        told = [ROOT / span for span in named if "/" in span or span in HOUSES]
        folders = [path.parent if path.suffix else path for path in told]
        files = [span for span in named if "/" not in span and FILE.fullmatch(span)]
        assert [file for file in files if not any((f / file).exists() for f in folders)] == [], paragraph


def test_every_wall_is_told_by_the_name_that_a_red_build_prints():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    walls = [contract["name"] for contract in project["tool"]["importlinter"]["contracts"]]
    section = (
        (ROOT / "docs" / "architecture.md").read_text().partition("## The walls")[2].partition("\n## ")[0]
    )
    assert re.findall(r"^\| ([^|]+) \| [^|]+ \|$", section, re.M) == walls


GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()
TERMS = re.findall(r"^\| ([^|]+) \| ([^|]+) \| `([^`]+)` \|$", GLOSSARY, re.M)


@pytest.mark.parametrize(("term", "where"), [(term, where) for term, _, where in TERMS])
def test_every_word_of_the_glossary_lives_where_it_says(term, where):
    assert (ROOT / where).is_file()
    words = re.sub(r" \(.*\)", "", term).lower().split()
    assert any(word in f"{where} {(ROOT / where).read_text()}".lower() for word in words)


def test_the_glossary_has_one_meaning_a_word():
    words = [term for term, _, _ in TERMS]
    assert len(words) == len(set(words)) > 100
    assert len(words) == len(re.findall(r"^\| (?!word |---)", GLOSSARY, re.M))
