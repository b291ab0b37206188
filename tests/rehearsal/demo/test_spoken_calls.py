"""The demo's spoken calls: every ending once, the same each time, and found again in the log."""

from itertools import islice
from typing import get_args

import orjson

from callstore.domain.facts.vocabulary import VerdictWord
from callstore.rehearsal.demo import fill, spoken_calls
from callstore.rehearsal.evaluation.evaluate import evaluate
from callstore.rehearsal.labelled.calls import write
from callstore.rehearsal.labelled.endings import ENDINGS
from callstore.rehearsal.scenarios import scenario as scenarios
from callstore.rehearsal.scenarios.scenario import LIBRARY


def test_every_ending_is_told_and_a_hundred_calls_have_recordings():
    drawn = list(spoken_calls.scenes())
    assert {scene.ending for scene in drawn} >= set(ENDINGS)
    assert sum(scene.recorded is not None for scene in drawn) == spoken_calls.WITH_RECORDINGS
    assert {scene.language.code for scene in drawn} >= {"en", "ja", "de"}


def test_each_ending_is_told_first_with_every_witness_and_each_verdict_comes_out(tmp_path):
    """Of a call that nobody watched its own verdict would not be shown."""
    first = {}
    for drawn in spoken_calls.scenes():
        first.setdefault(drawn.ending, drawn)
    assert {drawn.witnesses for drawn in first.values()} == {"all"}
    of_verdict = {ENDINGS[name].verdict: drawn for name, drawn in first.items()}
    judged = {
        verdict: evaluate(write(tmp_path, spoken_calls.SEED, drawn.number, drawn.ending)).document["verdict"]
        for verdict, drawn in of_verdict.items()
    }
    assert judged == {verdict: verdict for verdict in of_verdict}
    assert len(judged) >= len(get_args(VerdictWord)) - 3


def test_the_application_s_clock_is_the_same_in_all_calls_and_right():
    assert max(abs(drawn.skew_s) for drawn in spoken_calls.scenes()) < 0.5


def test_all_of_them_end_within_a_day():
    last = max(drawn.number for drawn in spoken_calls.scenes())
    assert fill.FIRST_ENDED_S + last * fill.TOLD_APART_S < 86_400


def test_the_scenes_are_the_same_each_time():
    assert [scene.played.legs.parent for scene in spoken_calls.scenes()] == [
        scene.played.legs.parent for scene in spoken_calls.scenes()
    ]


def test_a_call_ends_when_it_should_and_is_known_by_the_leg_of_its_scene():
    wanted = list(islice(spoken_calls.scenes(), 4))
    for drawn, call in zip(wanted, spoken_calls.told(wanted, 1_800_000_000.0, 600.0), strict=True):
        assert abs(scenarios.ended_at(call) - (1_800_000_000.0 - drawn.number * 600.0)) <= 1.0
        subjects = {draft.subject for draft in scenarios.drafts(call)}
        assert f"twilio:{drawn.played.legs.parent}" in subjects
        assert (call.recording is not None) == (drawn.recorded is not None)
        assert call.recording is None or call.recording.is_file()


def test_recorded_and_spoken_calls_have_every_verdict_and_every_topology_between_them():
    files = [path for of in (LIBRARY, fill.REPORTED) for path in of.glob("*/scenario.json")]
    expected = [orjson.loads(path.read_bytes())["expect"].get("verdict") for path in files]
    labelled = {verdict for verdict in expected if isinstance(verdict, str)}
    labelled |= {ending.verdict for ending in ENDINGS.values()}
    # A running call is had by running.py, and what is inconclusive depends on who saw a call.
    assert labelled >= set(get_args(VerdictWord)) - {"live", "inconclusive"}
