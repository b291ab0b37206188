"""Documentation that can fail: every event, finding and field has its place."""

import ast
import dataclasses
import re
import sys
from pathlib import Path

import pytest

from callstore.domain.facts.codec import event_types
from callstore.findings.cross_call.find import cross_call_rules
from callstore.findings.rule import rules
from tests.places import ROOT
from tests.readme import PANEL, README, founding_panel


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


def test_no_row_speaks_of_what_is_not_there():
    kinds = {"none", "heard_not_transcribed", "not_heard", "pending", "unknown"}
    assert set(rows("findings.md")) - kinds == set(rules()) | set(cross_call_rules())
    assert set(rows("events.md")) == set(event_types())


def test_the_readme_shows_the_founding_calls_verdict_as_it_is():
    assert PANEL.findall(README.read_text()) == [founding_panel()], "python -m tests.readme writes it anew"


def test_every_local_link_of_the_docs_leads_somewhere():
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} → {target}"
