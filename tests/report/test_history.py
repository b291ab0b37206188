"""What was known when."""

import itertools
import time
from dataclasses import replace

import pytest

from benchmarks.fold import long_call
from callstore.domain.facts import events as ev
from callstore.domain.facts.clock import iso
from callstore.report import history as module
from callstore.report.history import TooLong, history
from callstore.report.report import report
from tests.builders import CHILD, Story, at
from tests.findings.stories import conversation, cut_off, finished, left

UNLIKE = ("verdict", "cause", "confidence", "ended_first_by", "truncation_basis", "flags")


def steps(story):
    return history(story.records).steps


def test_a_verdict_reopens_when_a_late_source_arrives():
    story = cut_off()
    story.add(
        f"twilio:{CHILD}", ev.LegSummarised(processing="complete", disconnected_by="callee"), "00:50:00"
    )
    told = steps(story)
    assert next(step["verdict"] for step in told) == "live"
    assert [(step["verdict"], step["confidence"]) for step in told][-2:] == [
        ("ai_silent_first", "medium"),
        ("ai_silent_first", "high"),
    ]
    assert told[-1]["position"] == story.records[-1].position
    assert (told[-1]["at"], told[-1]["arrived"]) == ("2026-04-13T00:50:00.400Z", ["leg.summarised"])


def test_each_step_is_what_the_facts_received_until_then_give():
    for story in (cut_off(), finished(), left()):
        for step in steps(story):
            known = report(r for r in story.records if iso(r.received_at) <= step["at"])
            named = {**known, "confidence": known["verdict_confidence"], "says": known["judgement"]["says"]}
            assert {name: named[name] for name in (*UNLIKE, "says")} == {
                name: step[name] for name in (*UNLIKE, "says")
            }


def test_the_last_step_is_what_the_report_says():
    for story in (cut_off(), finished(), left()):
        document, last = report(story.records), steps(story)[-1]
        assert {name: last[name] for name in ("verdict", "cause", "flags", "truncation_basis")} == {
            name: document[name] for name in ("verdict", "cause", "flags", "truncation_basis")
        }


def test_only_changes_are_kept_and_the_order_given_does_not_matter():
    story = finished()
    pairs = itertools.pairwise(steps(story))
    assert all(any(a[name] != b[name] for name in UNLIKE) for a, b in pairs)
    assert history(story.records[::-1]) == history(story.records)


def test_facts_are_told_by_arrival_whatever_place_the_log_gave_them():
    story = cut_off()
    mixed = [replace(r, position=1_000 - r.position) for r in story.records]
    told = [{k: v for k, v in step.items() if k != "position"} for step in history(mixed).steps]
    assert told == [{k: v for k, v in step.items() if k != "position"} for step in steps(story)]


def test_facts_of_one_delivery_become_known_together():
    one = [replace(r, received_at=1_776_100_000.0) for r in cut_off().records]
    assert len(history(one).steps) == 1


def test_frames_that_come_after_the_end_reopen_the_verdict():
    story = conversation().tool("00:18:48")
    story.records[-1] = replace(story.records[-1], received_at=at("00:25:00"))
    told = steps(story)
    assert [step["cause"] for step in told[-2:]] == ["silent_session_loss", "agent_finished"]
    assert told[-1]["arrived"] == ["tool.called"]


def test_no_facts_have_no_history():
    assert steps(Story()) == []
    assert [(s["verdict"], s["cause"]) for s in steps(Story().asked("00:17:52"))] == [("live", None)]


def test_a_short_call_is_told_exactly():
    assert history(cut_off().records).pause_s == 0


def test_a_call_of_many_facts_is_told_at_fewer_moments_and_never_folded_without_end(monkeypatch):
    records = long_call(4_000, 1_200.0)
    end = max(r.received_at for r in records)
    # All frames come after the end, each in a delivery of its own.
    late = [
        replace(r, received_at=end + n / 10, position=10_000 + n) if isinstance(r.event, ev.Frame) else r
        for n, r in enumerate(records)
    ]
    monkeypatch.setattr(module, "MOST", 40_000)
    folded = []
    as_known = module.snapshot
    monkeypatch.setattr(module, "snapshot", lambda known, tools: folded.append(len(known)) or as_known(known))
    told = history(late)
    assert sum(folded) <= 40_000 and folded[-1] == len(records)
    assert told.pause_s > 0
    assert told.steps[-1]["verdict"] == report(records)["verdict"]


def test_a_call_of_four_hours_is_told_at_every_moment_that_matters_within_the_bound():
    records = long_call()
    folds, pause = module._affordable(records, module._moments(records))
    assert (len(folds) > 3, pause) == (True, 0) and sum(folds) <= module.MOST


def ticking(step_s):
    """A clock that goes on so much at each look, as it does while facts are folded."""
    return map(lambda n: n * step_s, itertools.count()).__next__


def test_a_history_that_takes_too_long_says_from_when_it_was_not_followed_and_what_holds_now():
    story = cut_off()
    story.add(
        f"twilio:{CHILD}", ev.LegSummarised(processing="complete", disconnected_by="callee"), "00:50:00"
    )
    records = story.records
    whole = history(records, clock=ticking(0.0))
    assert whole.cut_off_at is None and len(whole.steps) == 3
    cut = history(records, clock=ticking(module.TIME_S / 3))
    assert cut.steps[:-1] == whole.steps[: len(cut.steps) - 1] and len(cut.steps) < len(whole.steps)
    assert {name: cut.steps[-1][name] for name in UNLIKE} == {name: whole.steps[-1][name] for name in UNLIKE}
    assert cut.steps[-2]["at"] < cut.cut_off_at <= cut.steps[-1]["at"]


def test_time_is_kept_for_what_holds_now():
    places = [100, 200, 300, 10_000]
    assert list(module._in_time(places, ticking(0.0))) == places
    # A hundred facts took a fiftieth of the time, so all of them would take twice of it.
    assert list(module._in_time(places, ticking(module.TIME_S / 50))) == [100, 10_000]
    assert list(module._in_time([], ticking(0.0))) == []


def test_a_history_of_many_moments_ends_in_time(monkeypatch):
    records = long_call(4_000, 1_200.0)
    end = max(r.received_at for r in records)
    late = [
        replace(r, received_at=end + n / 10, position=10_000 + n) if isinstance(r.event, ev.Frame) else r
        for n, r in enumerate(records)
    ]
    monkeypatch.setattr(module, "TIME_S", 0.5)
    began = time.monotonic()
    told = history(late)
    assert told.cut_off_at and told.steps[-1]["verdict"] == report(records)["verdict"]
    assert time.monotonic() - began < 3


def test_a_call_beyond_the_bound_is_refused(monkeypatch):
    monkeypatch.setattr(module, "LONGEST", 5)
    with pytest.raises(TooLong, match="5 at most"):
        history(cut_off().records)
