"""evaluate: the recorded calls meet their labels, and a wrong label is noticed."""

import io
import json
import shutil

import pytest
from django.core.management import CommandError, call_command

from callstore.domain.analysis.finish_tools import FinishTools
from callstore.rehearsal.evaluation.evaluate import Outcome, evaluate, matches
from callstore.rehearsal.evaluation.scoring import GAP, confusion, error_of, scores, summary
from tests.places import SCENARIOS


@pytest.mark.parametrize(
    "folder", sorted(p.parent for p in SCENARIOS.glob("*/scenario.json")), ids=lambda p: p.name
)
def test_every_recorded_call_meets_its_label(folder):
    assert evaluate(folder).wrong == {}


def test_the_operators_finish_tools_are_those_that_count(settings, tmp_path):
    folder = shutil.copytree(SCENARIOS / "natural_end", tmp_path / "natural_end")
    sent = folder / "deliveries.jsonl"
    sent.write_text(sent.read_text().replace("app.session_finished", "app.log"))
    assert evaluate(folder).document["finish_tool_seen"] is True
    settings.FINISH_TOOLS = FinishTools.of(["say_goodbye"])
    assert evaluate(folder).document["finish_tool_seen"] is False


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
    assert answer["scenarios"][0]["got"]["verdict"] == "never_connected"
    assert answer["scores"]["natural_end"]["recall"] == 0.0
    assert answer["scores"]["never_connected"]["precision"] == 0.0


def run(folder, fail_under):
    """The exit code of evaluate with these thresholds, and what it says on the side."""
    said = io.StringIO()
    try:
        call_command("evaluate", str(folder), "--fail-under", fail_under, stdout=io.StringIO(), stderr=said)
    except SystemExit as stopped:
        return stopped.code, said.getvalue()
    return 0, said.getvalue()


def test_thresholds_decide_in_the_place_of_single_labels(tmp_path):
    for name in ("sip_486", "no_recording"):
        shutil.copytree(SCENARIOS / name, tmp_path / name)
    assert run(tmp_path, "truncated.recall=0.99,verdict.accuracy=0.97") == (0, "")
    path = tmp_path / "sip_486" / "scenario.json"
    path.write_text(path.read_text().replace('"never_connected"', '"natural_end"'))
    assert run(tmp_path, "truncated.recall=1, verdict.accuracy=0.5")[0] == 0
    wrong = run(tmp_path, "truncated.recall=0.99,verdict.accuracy=0.97,natural_end.recall=0.1")
    assert wrong == (1, "verdict.accuracy is 0.5, below 0.97.\nnatural_end.recall is 0, below 0.1.\n")
    assert run(tmp_path, "ai_mute.recall=0.9") == (
        0,
        "ai_mute.recall is not known: no call is labelled for it.\n",
    )


@pytest.mark.parametrize(
    "text", ["truncatd.recall=1", "truncated=1", "verdict.recall=1", "truncated.recall=2", "x"]
)
def test_what_is_no_threshold_is_a_clear_error(text):
    with pytest.raises(CommandError, match="is no threshold"):
        call_command("evaluate", str(SCENARIOS / "sip_486"), "--fail-under", text)


def test_precision_and_recall_count_what_was_labelled_and_what_was_claimed():
    outcomes = [evaluate(SCENARIOS / name) for name in ("sip_486", "no_recording")]
    assert scores(outcomes)["truncated"] == {"labelled": 1, "claimed": 1, "precision": 1.0, "recall": 1.0}


def judged(right, got, **more):
    """An outcome with this label and verdict."""
    given = {
        "verdict": got,
        "cause": None,
        "flags": [],
        "untranscribed_caller_speech_s": more.pop("gap", None),
    }
    expected = {"verdict": right, **more.pop("expected", {})}
    wrong = {} if matches(right, got) else {"verdict": {}}
    return Outcome("told", expected, given, wrong, **more)


def test_an_open_verdict_that_the_label_allows_costs_recall_and_is_no_wrong_claim():
    allowed = {"any_of": ["natural_end", "inconclusive"]}
    outcomes = [judged(allowed, got) for got in ("natural_end", "inconclusive", "app_ended")]
    assert scores(outcomes) == {
        "app_ended": {"labelled": 0, "claimed": 1, "precision": 0.0, "recall": None},
        "natural_end": {"labelled": 3, "claimed": 1, "precision": 1.0, "recall": 1 / 3},
    }
    assert confusion(outcomes) == {"natural_end": {"app_ended": 1, "inconclusive": 1, "natural_end": 1}}


def test_figures_are_told_by_witness_set_and_by_condition():
    outcomes = [
        judged("app_ended", "app_ended", witnesses="all", conditions=("echo",)),
        judged("app_ended", "natural_end", witnesses="no_recording"),
    ]
    told = summary(outcomes)
    assert told["verdicts"]["accuracy"] == 0.5
    assert told["by_witnesses"]["all"]["verdicts"]["accuracy"] == 1.0
    assert told["by_witnesses"]["no_recording"]["verdicts"]["wrong"] == 1
    assert list(told["by_condition"]) == ["echo"]


def test_the_error_of_the_gap_is_a_median_and_a_95th_percentile_in_seconds():
    def told(gap):
        wanted = {"untranscribed_caller_speech_s": {"about": 2.0, "within": 0.6}}
        return judged("app_ended", "app_ended", gap=gap, expected=wanted)

    outcomes = [told(2.0 + n / 100) for n in range(1, 101)] + [told(None), judged("app_ended", "app_ended")]
    assert error_of(GAP, outcomes) == {
        "labelled": 101, "unknown": 1, "median_s": 0.5, "p95_s": 0.95, "worst_s": 1.0,
    }  # fmt: skip


def test_many_processes_say_what_one_says():
    outs = []
    for jobs in ("1", "2"):
        out = io.StringIO()
        call_command("evaluate", str(SCENARIOS / "sip_486"), "--json", f"--jobs={jobs}", stdout=out)
        outs.append(json.loads(out.getvalue()))
    assert outs[0] == outs[1]


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


def test_a_packed_scenario_is_evaluated_and_a_long_name_stands_apart_from_its_verdict(tmp_path):
    name = "a_call_whose_name_is_longer_than_its_column"
    packed = shutil.make_archive(str(tmp_path / name), "zip", SCENARIOS / "sip_486")
    told = io.StringIO()
    call_command("evaluate", packed, stdout=told)
    assert f"ok    {name} never_connected" in told.getvalue()


def test_a_folder_without_scenarios_is_a_clear_error(tmp_path):
    with pytest.raises(CommandError, match=r"no scenario\.json"):
        call_command("evaluate", str(tmp_path))
