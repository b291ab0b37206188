"""What was known when."""

import itertools

from callstore.domain import events as ev
from callstore.findings.history import history
from callstore.findings.report import report
from tests.builders import CHILD, Story
from tests.findings.stories import cut_off, finished, left


def _told(story):
    return [(step["verdict"], step["cause"]) for step in history(story.records)]


def test_a_verdict_reopens_when_a_late_source_arrives():
    story = cut_off()
    story.add(
        f"twilio:{CHILD}", ev.LegSummarised(processing="complete", disconnected_by="callee"), "00:50:00"
    )
    steps = history(story.records)
    assert next(step["verdict"] for step in steps) == "live"
    assert [(step["verdict"], step["confidence"]) for step in steps][-2:] == [
        ("ai_silent_first", "medium"),
        ("ai_silent_first", "high"),
    ]
    assert steps[-1]["position"] == story.records[-1].position
    assert steps[-1]["at"] == "2026-04-13T00:50:00.400Z"


def test_the_last_step_is_what_the_report_says():
    for story in (cut_off(), finished(), left()):
        document, last = report(story.records), history(story.records)[-1]
        assert (last["verdict"], last["cause"], last["flags"]) == (
            document["verdict"],
            document["cause"],
            document["flags"],
        )


def test_only_changes_are_kept_and_the_order_given_does_not_matter():
    story = finished()
    steps = history(story.records)
    pairs = itertools.pairwise(steps)
    unlike = ("verdict", "cause", "confidence", "ended_first_by", "flags")
    assert all(any(a[name] != b[name] for name in unlike) for a, b in pairs)
    assert history(story.records[::-1]) == steps


def test_facts_of_one_delivery_become_known_together():
    story = cut_off()
    one = [_at_once(r) for r in story.records]
    assert len(history(one)) == 1


def _at_once(record):
    from dataclasses import replace

    return replace(record, received_at=1_776_100_000.0)


def test_no_facts_have_no_history():
    assert history(Story().records) == [] and _told(Story().asked("00:17:52")) == [("live", None)]
