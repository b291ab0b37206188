"""Labelled calls are what they say they are, and a dozen of them keep the verdicts where they were."""

import subprocess
import sys
from itertools import islice

import numpy as np
import orjson
import pytest
import soundfile

from callstore.rehearsal.evaluation.evaluate import evaluate
from callstore.rehearsal.evaluation.scoring import figures
from callstore.rehearsal.labelled import never_connected
from callstore.rehearsal.labelled.calls import write
from callstore.rehearsal.labelled.endings import ENDINGS
from callstore.rehearsal.labelled.report import BY_HAND, page
from callstore.rehearsal.labelled.retold import conference, live, reconnect, reflected, stream
from callstore.rehearsal.labelled.scene import NO_SIDEBAND, scene
from callstore.rehearsal.labelled.studio import record
from callstore.rehearsal.labelled.truth import truth
from callstore.rehearsal.labelled.voices import Voice
from callstore.rehearsal.scenarios.scenario import load
from callstore.rehearsal.simulation.speech import Utterance

SEED = 100
# Endings and numbers: what a change of rules or hearing would most likely break, with all witnesses.
DOZEN = {
    "talks_on": 3, "waits_in_vain": 0, "dropped_talking": 7, "closed_before_speech": 11,
    "hung_up_on_a_story": 0, "finishes_on_speech": 7, "farewell_over_the_hangup": 3, "is_not_heard": 7,
    "is_not_audible": 7, "caller_leaves_speaking": 7, "agent_finishes": 7, "tail_lost": 7,
}  # fmt: skip
UNDER_TEST = (
    "callstore.findings", "callstore.verdict", "callstore.report", "callstore.audio",
    "callstore.domain.analysis", "callstore.domain.call",
)  # fmt: skip


@pytest.fixture(scope="module")
def dozen(tmp_path_factory):
    """A call of each kind with all witnesses, judged."""
    folder = tmp_path_factory.mktemp("labelled")
    return [evaluate(write(folder, SEED, number, ending)) for ending, number in DOZEN.items()]


def test_a_dozen_calls_keep_their_verdicts_and_flags(dozen):
    wrong = {outcome.name: outcome.wrong for outcome in dozen if {"verdict", "flags"} & outcome.wrong.keys()}
    assert wrong == {}
    assert figures(dozen)["truncated"]["labelled"] >= 4


def test_a_dozen_calls_keep_the_length_of_their_gap(dozen):
    gap = figures(dozen)["gap"]
    assert gap["unknown"] == 0
    assert gap["median_s"] <= 0.2


@pytest.mark.parametrize("met", ["conference", "media_streams"])
def test_calls_are_told_by_a_conference_and_by_a_stream_and_judged_as_they_were(tmp_path, monkeypatch, met):
    share, other = (1.0, 0.0) if met == "conference" else (0.0, 1.0)
    monkeypatch.setattr(conference, "SHARE", share)
    monkeypatch.setattr(stream, "SHARE", other)
    endings = (
        "caller_leaves",
        "agent_finishes",
        "closed_early",
        "talks_on",
        "app_hangs_up",
        "dropped_talking",
    )
    judged = [evaluate(write(tmp_path, SEED, number, ending)) for number, ending in enumerate(endings)]
    assert all(met in outcome.conditions for outcome in judged)
    assert {outcome.document["topology"] for outcome in judged if outcome.witnesses == "all"} == {met}
    assert [outcome.wrong for outcome in judged if {"verdict", "flags"} & outcome.wrong.keys()] == []


def test_what_an_unwatched_live_session_said_last_nobody_heard(tmp_path, monkeypatch):
    monkeypatch.setattr(live, "SHARE", 1.0)
    monkeypatch.setattr(conference, "SHARE", 0.0)
    monkeypatch.setattr(stream, "SHARE", 0.0)
    place = write(tmp_path, SEED, 4, "observer_lost_and_caller_leaves")
    assert b"session.closed" not in (place / "deliveries.jsonl").read_bytes()


@pytest.mark.parametrize("ending", [*never_connected.ENDINGS, "every_reply_fails"])
def test_calls_that_came_to_nothing_say_why(tmp_path, ending):
    numbers = range(6 if ending in never_connected.ENDINGS else 2)
    judged = [evaluate(write(tmp_path, SEED, number, ending)) for number in numbers]
    assert {outcome.name: outcome.wrong for outcome in judged if outcome.wrong} == {}


def test_no_label_comes_from_the_code_under_test():
    code = "import sys, callstore.rehearsal.labelled.calls; print(*sys.modules, sep='\\n')"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = run.stdout.split()
    assert "callstore.rehearsal.labelled.truth" in loaded
    assert [name for name in loaded if name.startswith(UNDER_TEST)] == []


def test_the_same_seed_writes_the_same_call_and_another_seed_another(tmp_path):
    def written(place, seed):
        folder = write(tmp_path / place, seed, 3, "talks_on")
        return {file.name: file.read_bytes() for file in folder.iterdir()}

    assert written("one", 5) == written("two", 5)
    assert written("one", 5)["deliveries.jsonl"] != written("three", 6)["deliveries.jsonl"]


def test_the_recording_has_each_voice_where_the_telling_put_it(tmp_path):
    number = next(n for n in range(100) if _is_plain(scene(SEED, n, "agent_finishes")))
    folder = write(tmp_path, SEED, number, "agent_finishes")
    of = scene(SEED, number, "agent_finishes")
    sound, rate = soundfile.read(folder / "recording.wav")
    assert (rate, sound.shape[1]) == (8000, 2)
    start, _ = of.recorded
    for channel, who in enumerate(("caller", "agent")):
        told = np.zeros(len(sound), bool)
        for words in of.words:
            if words.who == who:
                told[max(0, round((words.start - start) * rate)) : round((words.end - start) * rate)] = True
        loud = np.sqrt(np.mean(sound[told, channel] ** 2))
        assert loud > 10 * np.sqrt(np.mean(sound[~told, channel] ** 2))


def _is_plain(of):
    """A call with two channels, in their order and without echo or noise."""
    if of.witnesses != "all" or "longer_recording" in of.conditions:
        return False
    record(of)
    return not of.conditions - {"skewed", "skewed_far"}


def test_truncated_is_the_contracts_definition_applied_to_the_telling():
    of = scene(SEED, 1, "talks_on")
    _, end = of.leg
    words = "Hello, I am calling about the estimate you sent."
    of.voices["caller"] = Voice("en", "en-us", 130, 40, 50, 0.0)

    def told(*spoken):
        of.words = [Utterance("caller", words, end + s, end + e, heard, done) for s, e, heard, done in spoken]
        return truth(of)

    assert told((-6, -5, True, True), (-3.0, 0.5, False, False)).truncated
    assert not told((-6, -5, True, True), (-3.0, -0.5, True, True)).truncated  # it was written
    assert not told((-9, -8, True, True), (-6.5, -3.5, False, False)).truncated  # nobody spoke at the end
    assert not told((-4, -1.2, True, True), (-1.0, 0.5, False, False)).truncated  # too little was lost
    assert told((-4, -3, True, True), (-1.6, 1.0, False, False)).close
    assert told((-9, -8, True, True), (-4.0, -2.05, False, False)).undecided
    assert not told((-9, -8, True, True), (-3.0, -2.05, False, False)).close  # too little either way
    of.played = scene(SEED, 1, "caller_leaves_speaking").played
    assert not told((-6, -5, True, True), (-3.0, 0.5, False, False)).truncated


@pytest.mark.parametrize(
    ("witnesses", "never"),
    [
        ("no_sideband", ("realtime.frame", "app.log")),
        ("bare", ("realtime.frame", "dial-action", "RecordingSid")),
        ("no_dial_action", ("dial-action",)),
        ("no_recording", ("RecordingSid",)),
    ],
)
def test_a_missing_witness_says_nothing(tmp_path, witnesses, never):
    number = next(n for n in range(200) if scene(SEED, n, "talks_on").witnesses == witnesses)
    folder = write(tmp_path, SEED, number, "talks_on")
    sent = (folder / "deliveries.jsonl").read_text()
    assert [word for word in never if word in sent] == []
    assert (folder / "recording.wav").exists() is (witnesses not in ("bare", "no_recording"))
    expect = load(folder).expect
    assert "inconclusive" in expect["verdict"]["any_of"]


def test_a_clock_that_is_off_moves_what_the_application_stamps_and_nothing_else(tmp_path):
    number = next(n for n in range(400) if "skewed_far" in scene(SEED, n, "talks_on").conditions)
    of = scene(SEED, number, "talks_on")
    sent = (write(tmp_path, SEED, number, "talks_on") / "deliveries.jsonl").read_bytes().splitlines()
    frames = [
        event["data"]["received_at"] / 1000
        for line in map(orjson.loads, sent)
        if line["door"] == "app"
        for event in orjson.loads(line["body"] if line["body"][0] == "[" else f"[{_commas(line['body'])}]")
        if event["type"] == "realtime.frame"
    ]
    opened = min(frames) - of.skew_s
    assert of.leg[0] < opened < of.leg[0] + 1.0


def _commas(lines):
    return ",".join(lines.splitlines())


def test_calls_vary_and_many_end_on_a_speaking_caller():
    scenes = [scene(SEED, number) for number in range(60)]
    assert len({of.ending for of in scenes}) > len(ENDINGS) / 2
    assert len({of.witnesses for of in scenes}) >= 6
    assert len({of.language.code for of in scenes}) == 5
    cut = sum(truth(of).truncated for of in scenes)
    assert 10 < cut < 45


@pytest.mark.parametrize("ending", ["put_through", "comes_back_and_finishes", "comes_back_and_leaves"])
def test_a_caller_whom_our_flow_took_to_a_person_is_judged_by_the_last_conversation(tmp_path, ending):
    for number in range(3):
        assert evaluate(write(tmp_path, SEED, number, ending)).wrong == {}


def test_what_was_written_by_hand_stays_on_the_page():
    none = {"labelled": 0, "unknown": 0, "median_s": None, "p95_s": None, "worst_s": None}
    told = {
        "calls": 0, "scores": {}, "causes": {}, "confusion": {}, "by_witnesses": {}, "by_condition": {},
        "verdicts": {"accuracy": None}, "gap": none, "scenarios": [], "rules_version": 1, "analyser": "a",
        "numbers": {},
    }  # fmt: skip
    before = f"# Evaluation\n\nold tables\n\n{BY_HAND}\n\nEcho is hard.\n"
    after = page(told, 1, before)
    assert after.endswith(f"{BY_HAND}\n\nEcho is hard.\n")
    assert "old tables" not in after


LIVE = {"agent_finishes": 4, "caller_leaves": 4, "talks_on": 4, "hung_up_on_a_story": 4, "closed_early": 4}


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_calls_through_the_live_api_are_told_in_its_words_and_judged_as_they_were_meant(
    tmp_path, monkeypatch, share
):
    monkeypatch.setattr(live, "SHARE", 1.0)
    monkeypatch.setattr(reflected, "SHARE", share)
    outcomes = []
    for ending, number in LIVE.items():
        folder = write(tmp_path, SEED, number, ending)
        told = (folder / "deliveries.jsonl").read_text()
        assert "speech_started" not in told and "realtime.call.incoming" not in told
        if scene(SEED, number, ending).witnesses not in NO_SIDEBAND:
            assert "session.output_transcript.delta" in told
            assert ("session.input_audio.append" in told) is (share > 0)
        outcomes.append(evaluate(folder))
    assert {outcome.name: outcome.wrong for outcome in outcomes if outcome.wrong} == {}


def test_without_a_recording_what_live_reflected_says_whether_a_call_was_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(live, "SHARE", 1.0)
    monkeypatch.setattr(reflected, "SHARE", 1.0)
    numbers = (n for n in range(300) if scene(SEED, n, "hung_up_on_a_story").witnesses == "no_recording")
    outcomes = [
        evaluate(write(tmp_path, SEED, number, "hung_up_on_a_story")) for number in islice(numbers, 2)
    ]
    assert {outcome.name: outcome.wrong for outcome in outcomes if outcome.wrong} == {}
    assert {outcome.document["truncation_basis"] for outcome in outcomes} == {"ai_audio"}


def test_an_observer_that_misses_the_beginning_of_a_turn_loses_no_speech(tmp_path, monkeypatch):
    monkeypatch.setattr(live, "SHARE", 0.0)
    monkeypatch.setattr(reconnect, "SHARE", 1.0)
    folders = [write(tmp_path, SEED, 7, ending) for ending in ("agent_finishes", "talks_on", "tail_lost")]
    told = [orjson.loads((folder / "scenario.json").read_bytes()) for folder in folders]
    assert all("reconnects" in one["conditions"] for one in told)
    outcomes = [evaluate(folder) for folder in folders]
    assert {outcome.name: outcome.wrong for outcome in outcomes if outcome.wrong} == {}
