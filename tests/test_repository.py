"""What whoever comes after finds at the root: the licence, said once, and a workflow that is `.ci/run`."""

import json
import re
import tomllib

from tests.places import ROOT

LICENCE = "MIT"


def test_the_licence_is_the_same_wherever_it_is_named():
    named = [json.loads((ROOT / "package.json").read_text())["license"]]
    named.append(json.loads((ROOT / "package-lock.json").read_text())["packages"][""]["license"])
    named.append(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"].get("license", LICENCE))
    assert named == [LICENCE] * 3
    assert (ROOT / "LICENSE").read_text().startswith(f"{LICENCE} License\n")


def test_the_workflow_runs_what_everybody_runs():
    steps = (ROOT / ".github" / "workflows" / "ci.yml").read_text().partition("steps:\n")[2]
    assert re.findall(r"^ +- (\w+): (.+)$", steps, re.M) == [
        ("uses", "actions/checkout@v4"),
        ("run", ".ci/run"),
    ]
