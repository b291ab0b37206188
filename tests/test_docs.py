"""Documentation that can fail: every event, finding and field has its place."""

import dataclasses
import re
from pathlib import Path

import pytest

from callstore.domain.codec import event_types
from callstore.findings.across.rules import across_rules
from callstore.findings.rule import rules

ROOT = Path(__file__).parent.parent


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


@pytest.mark.parametrize("slug", rules())
def test_every_finding_has_its_row_its_docstring_and_its_test(slug):
    assert slug in rows("findings.md")
    assert (ROOT / "tests" / "findings" / f"test_{slug}.py").exists()


@pytest.mark.parametrize("slug", across_rules())
def test_every_finding_across_calls_has_its_row_and_its_test(slug):
    assert slug in rows("findings.md")
    assert (ROOT / "tests" / "findings" / "across" / f"test_{slug}.py").exists()


def test_no_row_speaks_of_what_is_not_there():
    kinds = {"none", "heard_not_transcribed", "not_heard", "pending", "unknown"}
    assert set(rows("findings.md")) - kinds == set(rules()) | set(across_rules())
    assert set(rows("events.md")) == set(event_types())


def test_every_local_link_of_the_docs_leads_somewhere():
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} → {target}"
