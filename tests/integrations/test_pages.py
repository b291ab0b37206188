"""Every recipe of every page is run by a test, and what it copies is there."""

import re

import pytest

from tests.integrations.recipe import FENCE, FOLDER, recipe
from tests.places import ROOT
from tests.served import INGEST_TOKEN

TESTS = "".join(path.read_text() for path in (ROOT / "tests" / "integrations").glob("test_*.py"))
PAGES = sorted(FOLDER.glob("*.md"))
BLOCKS = [(page.name, block["name"]) for page in PAGES for block in FENCE.finditer(page.read_text())]


@pytest.mark.parametrize(("page", "name"), BLOCKS)
def test_every_block_is_run_by_a_test(page, name):
    assert re.search(rf'(recipe|code)\("{re.escape(page)}", "{re.escape(name)}"\)', TESTS)


def test_every_python_of_a_page_is_a_named_block():
    for page in PAGES:
        assert page.read_text().count("```python") == sum(name == page.name for name, _ in BLOCKS)


def test_every_page_is_named_by_the_first():
    first = (FOLDER / "README.md").read_text()
    assert [page.name for page in PAGES if f"({page.name})" not in first] == ["README.md"]


def test_the_first_lines_of_an_application_tell_of_its_deployment(instance, kept, monkeypatch):
    monkeypatch.setenv("CALLSTORE_URL", f"http://127.0.0.1:{instance.port}")
    monkeypatch.setenv("CALLSTORE_TOKEN", INGEST_TOKEN)
    client = recipe("README.md", "start.py").callstore
    assert client.close()
    deployed = [r.event for r in kept("app:/voice-app") if r.event.what == "deployed"]
    assert [event.version for event in deployed] == ["2026.04.1"]
