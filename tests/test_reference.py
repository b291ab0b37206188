"""docs/reference.md has every setting, command and path, and none that is not there."""

import re

from django.core.management import get_commands

from dashboard.api.routes import api
from tests.places import ROOT

PAGE = (ROOT / "docs" / "reference.md").read_text()
OF_THE_DEMO = {"fill_demo"}  # what `up --demo` runs for itself


def rows(heading: str, cell: str) -> list[str]:
    """What stands in the first cells of a chapter's rows."""
    chapter = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(rf"^\| `({cell})` \|", chapter, re.M)


def test_every_setting_has_its_row():
    """The example has those that the code reads: tests/test_settings.py."""
    example = (ROOT / ".env.example").read_text()
    assert sorted(rows("Settings", "[A-Z_]+")) == sorted(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.M))


def test_every_command_has_its_row():
    ours = {
        name
        for name, app in get_commands().items()
        if app.split(".")[0] in ("callstore", "ingest", "dashboard")
    }
    assert {*rows("Commands", r"\w+")} == ours - OF_THE_DEMO


def test_every_path_of_the_api_has_its_row():
    paths = api.get_openapi_schema()["paths"]
    told = {
        f"{verb.upper()} {path.removeprefix('/api/v1')}" for path, verbs in paths.items() for verb in verbs
    }
    assert {row for row in rows("API", "(?:GET|POST|PUT|DELETE) /[^`]+") if row not in OUTSIDE} == told


OUTSIDE = {"GET /live", "GET /metrics", "GET /share/<token>"}
