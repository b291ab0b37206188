"""Prometheus itself evaluates deploy/alerts.yml: each rule fires at its fault, and none beside health."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.health.faults import FAULTS, GONE, WEB, WELL
from tests.health.test_runbook import OTHERS, RULES, rules, told

BY_PROMETHEUS = pytest.mark.skipif(
    not shutil.which("promtool"), reason="promtool is not installed (Debian: prometheus)"
)
HOURS = 2  # longer than any rule waits


def series(changed: dict[str, str]) -> list[dict[str, str]]:
    """The series of a well instance with what a fault changes."""
    given = []
    for name, value in (WELL | changed).items():
        labels = f"{name[:-1]},{WEB}}}" if name.endswith("}") else f"{name}{{{WEB}}}"
        grows = value if "+" in value else value if value == GONE else f"{value}+0"
        given.append({"series": labels, "values": f"{grows}x{60 * HOURS}"})
    return given


def evaluated(folder: Path, *tests: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    """What promtool says of these tests."""
    written = folder / "rules_test.yml"
    written.write_text(yaml.safe_dump({"rule_files": [str(RULES)], "tests": list(tests)}))
    return subprocess.run(["promtool", "test", "rules", written], capture_output=True, text=True)


def expected(name: str, *fires: dict[str, Any]) -> dict[str, Any]:
    return {"eval_time": f"{HOURS}h", "alertname": name, "exp_alerts": list(fires)}


@BY_PROMETHEUS
def test_prometheus_itself_takes_the_rules() -> None:
    done = subprocess.run(["promtool", "check", "rules", RULES], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@BY_PROMETHEUS
def test_a_well_instance_tells_figures_that_there_are_and_sets_off_nothing(tmp_path: Path) -> None:
    assert {name.partition("{")[0] for name in WELL} - OTHERS <= told().keys()
    of_all = [expected(rule["alert"]) for rule in rules()]
    done = evaluated(tmp_path, {"interval": "1m", "input_series": series({}), "alert_rule_test": of_all})
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_rule_has_its_fault() -> None:
    assert FAULTS.keys() == {rule["alert"] for rule in rules()}


@BY_PROMETHEUS
def test_each_rule_fires_at_its_fault_and_says_what_it_is(tmp_path: Path) -> None:
    tests = []
    for rule in rules():
        changed, labels, summary = FAULTS[rule["alert"]]
        fires = {
            "exp_labels": labels | rule["labels"],
            "exp_annotations": rule["annotations"] | {"summary": summary},
        }
        one = {"name": rule["alert"], "interval": "1m", "input_series": series(changed)}
        tests.append(one | {"alert_rule_test": [expected(rule["alert"], fires)]})
    done = evaluated(tmp_path, *tests)
    assert done.returncode == 0, done.stdout + done.stderr


@BY_PROMETHEUS
def test_a_host_without_its_web_is_told_while_the_others_answer(tmp_path: Path) -> None:
    lost = {"series": 'up{job="callstore",instance="10.0.0.12:8000"}', "values": "1x60 0x60"}
    fires = {
        "exp_labels": {"severity": "critical", "job": "callstore", "instance": "10.0.0.12:8000"},
        "exp_annotations": {
            "summary": "Nobody answers at 10.0.0.12:8000",
            "runbook_url": "docs/runbook.md#callstoredown",
        },
    }
    quiet = [expected(rule["alert"]) for rule in rules() if rule["alert"] != "CallstoreDown"]
    told = {"interval": "1m", "input_series": [*series({}), lost]}
    done = evaluated(tmp_path, told | {"alert_rule_test": [expected("CallstoreDown", fires), *quiet]})
    assert done.returncode == 0, done.stdout + done.stderr
