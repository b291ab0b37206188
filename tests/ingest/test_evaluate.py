"""evaluate: the recorded calls meet their labels, and a wrong label is noticed."""

import io
import json
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from ingest.evaluation import evaluate, matches, scores

SCENARIOS = Path(__file__).parent.parent / "scenarios"


@pytest.mark.parametrize(
    "folder", sorted(p.parent for p in SCENARIOS.glob("*/scenario.json")), ids=lambda p: p.name
)
def test_every_recorded_call_meets_its_label(folder):
    assert evaluate(folder).wrong == {}


def test_a_wrong_label_is_named_and_fails_the_command(tmp_path):
    folder = shutil.copytree(SCENARIOS / "sip_486", tmp_path / "sip_486")
    label = json.loads((folder / "scenario.json").read_text())
    label["expect"]["verdict"] = "natural_end"
    (folder / "scenario.json").write_text(json.dumps(label))
    out = io.StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("evaluate", str(tmp_path), "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert stopped.value.code == 1
    assert answer["scenarios"][0]["wrong"]["verdict"] == {"expected": "natural_end", "got": "never_connected"}
    assert answer["scores"]["natural_end"]["recall"] == 0.0
    assert answer["scores"]["never_connected"]["precision"] == 0.0


def test_precision_and_recall_count_what_was_labelled_and_what_was_claimed():
    outcomes = [evaluate(SCENARIOS / name) for name in ("sip_486", "no_recording")]
    assert scores(outcomes)["truncated"] == {"labelled": 1, "claimed": 1, "precision": 1.0, "recall": 1.0}


@pytest.mark.parametrize(
    ("wanted", "got", "holds"),
    [
        ({"about": 11.1, "within": 0.4}, 11.4, True),
        ({"about": 11.1, "within": 0.4}, 11.6, False),
        ({"about": 11.1, "within": 0.4}, None, False),
        ({"about": "2026-04-13T00:18:52Z", "within": 1.0}, "2026-04-13T00:18:52.900Z", True),
        ({"has": ["a"], "lacks": ["b"]}, ["a", "c"], True),
        ({"has": ["a"], "lacks": ["b"]}, ["a", "b"], False),
        ({"any_of": ["off", "never_expected"]}, "pending", False),
        ({"not_empty": True}, [], False),
        (None, None, True),
        (False, None, False),
    ],
)
def test_labels_hold_as_the_contract_says(wanted, got, holds):
    assert matches(wanted, got) is holds


def test_a_folder_without_scenarios_is_a_clear_error(tmp_path):
    with pytest.raises(CommandError, match=r"no scenario\.json"):
        call_command("evaluate", str(tmp_path))
