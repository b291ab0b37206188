"""No call stays live for ever: what callstore entered about its silence closes it, until news comes."""

import random
from dataclasses import replace

import pytest

from callstore.domain.call.fold import fold
from callstore.domain.facts import events as ev
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.record import OPERATOR, Record
from callstore.domain.facts.silence import last_news, longest_s
from tests.builders import AI, CHILD, PARENT, Story, at

HOUR = 3600.0


def _ringing() -> Story:
    """A call whose AI leg rings, and nothing more."""
    return Story().asked("00:17:52.3").child("initiated", "00:18:17", sequence=0).offered("00:18:17")


def _overdue(story: Story, after_s=5 * HOUR, subject=f"twilio:{PARENT}") -> Story:
    """What callstore enters so long after the last news."""
    since = max(r.received_at for r in story.records)
    story.records.append(
        Record(
            position=1000 + len(story.records),
            source=OPERATOR,
            subject=subject,
            key=f"overdue:{since:.3f}",
            event=ev.CallOverdue(since=since),
            occurred=Instant(since + after_s, Clock.RECEIVER),
            received_at=since + after_s,
        )
    )
    return story


def test_a_call_without_news_past_every_limit_is_closed_and_says_what_is_missing(verdict):
    assert verdict(_ringing()).verdict == "live"
    result = verdict(_overdue(_ringing()))
    assert (result.verdict, result.cause, result.confidence) == ("inconclusive", None, "low")
    assert result.missing[0].startswith(f"the end of {CHILD}")
    assert f"a close of the AI session {AI}" in result.missing


def test_news_reopens_it_and_another_silence_closes_it_again(verdict):
    story = _overdue(_ringing()).child("in-progress", "06:00:00", sequence=1)
    assert verdict(story).verdict == "live"
    assert verdict(_overdue(story)).verdict == "inconclusive"


def test_news_that_arrived_before_the_entry_was_made_reopens_it_as_well(verdict):
    """It was under way while the entry was made."""
    story = _overdue(_ringing())
    late = replace(story.records[1], key="late", event=ev.LegStatus(status="in-progress"), position=2000)
    story.records.append(replace(late, received_at=story.records[-1].received_at - 0.5))
    assert verdict(story).verdict == "live"


def test_an_end_that_comes_late_is_judged_as_if_nobody_had_waited(verdict):
    told = _overdue(_ringing()).child("failed", "00:18:20", sequence=1, sip_code=480)
    late = replace(told.records[-1], received_at=at("09:00:00"))
    waited = verdict(replace(told, records=[*told.records[:-1], late]))
    assert (waited.verdict, fold(told.records).child.status) == ("never_connected", "failed")


def test_a_terminal_status_never_goes_back(verdict):
    story = _ringing().child("failed", "00:18:20", sequence=2, sip_code=480).dial_action("00:18:20.4")
    before = verdict(story).verdict
    for status, number in (("ringing", 1), ("in-progress", 3), ("initiated", 4)):
        story.child(status, "05:00:00", sequence=number)
    assert fold(_overdue(story).records).child.status == "failed"
    assert verdict(story).verdict == before == "never_connected"


def test_what_callstore_did_itself_is_no_news(verdict):
    story = _overdue(_ringing())
    failed = ev.RecordingFailed(recording="RE1", reason="gone", permanent=True)
    story.add(f"twilio:{PARENT}", failed, "23:00:00", source="audio")
    assert last_news(story.records).event.TYPE == "session.offered"
    assert verdict(story).verdict == "inconclusive"


def test_any_order_gives_the_same_call():
    records = _overdue(_ringing().child("in-progress", "00:18:23", sequence=1)).records
    shuffled = records * 2
    random.Random(7).shuffle(shuffled)
    assert fold(shuffled) == fold(records)
    assert fold(records).overdue


@pytest.mark.parametrize(("story", "hours"), [(_ringing(), 4), (Story().offered("00:18:17"), 1)])
def test_a_leg_can_last_four_hours_and_a_session_alone_one(story, hours):
    assert longest_s(story.records) == hours * HOUR
