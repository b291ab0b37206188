"""Several conversations in one call: the last that was held decides, and none is lost."""

import random
from dataclasses import replace

import pytest

from callstore.domain.call.conversations import other_legs
from callstore.domain.call.fold import fold
from callstore.domain.facts import events as ev
from tests.builders import AI, CHILD, PARENT, Story
from tests.conversations import (
    DESK,
    OPENAI,
    PERSON,
    SECOND,
    SECOND_AI,
    dial_over,
    dialled,
    first_conversation,
    second_conversation,
)
from tests.findings.stories import conversation


def _named(call):
    sid = call.child.sid if call.child else None
    return sid, call.session.id if call.session else None


def test_the_last_of_two_conversations_decides_and_the_first_is_kept():
    call = fold(second_conversation(first_conversation()).records)
    assert _named(call) == (SECOND, SECOND_AI)
    assert [(c.leg.sid, c.session.id) for c in call.others] == [(CHILD, AI)]
    assert call.parent.sid == PARENT


def test_the_order_of_arrival_decides_nothing():
    records = second_conversation(first_conversation()).records
    for seed in range(5):
        shuffled = random.Random(seed).sample(records, len(records))
        assert _named(fold(shuffled)) == (SECOND, SECOND_AI)


def test_how_much_was_said_decides_nothing():
    story = second_conversation(first_conversation())
    for second in range(34, 50):
        story.frame(ev.FrameSeen, f"00:18:{second}")
    assert _named(fold(story.records)) == (SECOND, SECOND_AI)


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed", "canceled"])
def test_an_ai_leg_that_was_never_answered_does_not_decide_over_a_conversation(status):
    story = dialled(first_conversation(), SECOND, OPENAI, ("initiated", "00:19:15"), (status, "00:19:35"))
    offered = ev.SessionOffered(api="realtime", child=SECOND, parent=PARENT)
    story.add(f"openai:{SECOND_AI}", offered, "00:19:16", source="openai", precision=1000)
    call = fold(story.records)
    assert _named(call) == (CHILD, AI)
    assert [c.leg.sid for c in call.others] == [SECOND]


def test_of_two_tries_that_were_never_answered_the_last_decides():
    story = dialled(
        Story().asked("00:17:52.3"), CHILD, OPENAI, ("initiated", "00:18:17"), ("busy", "00:18:18")
    )
    call = fold(dialled(story, SECOND, OPENAI, ("initiated", "00:19:15"), ("busy", "00:19:16")).records)
    assert (_named(call), [c.leg.sid for c in call.others]) == ((SECOND, None), [CHILD])


@pytest.mark.parametrize("to", [DESK, "sip:desk@example.com"])
def test_a_leg_to_a_person_is_no_conversation_with_the_ai(to):
    story = dialled(first_conversation(), PERSON, to, ("initiated", "00:18:53"), ("in-progress", "00:18:58"))
    call = fold(story.records)
    assert (_named(call), call.others) == ((CHILD, AI), ())
    assert [leg.sid for leg in other_legs(call)] == [PERSON]


def test_without_a_webhook_the_leg_to_openai_is_the_ais():
    story = first_conversation()
    story.records[:] = [r for r in story.records if not r.subject.startswith("openai:")]
    dialled(story, PERSON, DESK, ("initiated", "00:18:53"), ("in-progress", "00:18:58"))
    assert _named(fold(story.records)) == (CHILD, None)


def test_sessions_that_name_no_leg_are_laid_on_those_that_were_ringing():
    story = second_conversation(first_conversation())
    story.records[:] = [_nameless(record) for record in story.records]
    call = fold(story.records)
    assert _named(call) == (SECOND, SECOND_AI)
    assert [(c.leg.sid, c.session.id) for c in call.others] == [(CHILD, AI)]


def _nameless(record):
    if not isinstance(record.event, ev.SessionOffered):
        return record
    return replace(record, event=replace(record.event, child=None))


def test_a_sideband_that_reconnects_is_the_same_conversation():
    story = conversation().socket_closed("00:18:35", 1006).socket_opened("00:18:36", connection="conn_2")
    story.frame(ev.FrameSeen, "00:18:40", connection="conn_2")
    call = fold(story.records)
    assert (_named(call), call.others, len(call.session.connections)) == ((CHILD, AI), (), 2)


def test_a_second_session_offered_on_the_same_leg_and_never_seen_decides_nothing():
    story = conversation()
    offered = ev.SessionOffered(api="realtime", child=CHILD, parent=PARENT)
    story.add(f"openai:{SECOND_AI}", offered, "00:18:19", source="openai", precision=1000)
    call = fold(story.records)
    assert _named(call) == (CHILD, AI)
    assert [c.session.id for c in call.others] == [SECOND_AI]


def test_an_ai_leg_whose_end_nobody_told_ended_when_the_next_was_dialled():
    story = second_conversation(first_conversation())
    story.records[:] = [
        r for r in story.records if not (r.subject == f"twilio:{CHILD}" and r.event.status == "completed")
    ]
    leg = fold(story.records).legs[CHILD]
    assert (leg.end_inferred, leg.ended.at.at) == (True, fold(story.records).legs[SECOND].first.at.at)


def test_a_leg_known_by_the_dial_action_alone_was_a_conversation():
    story = dial_over(first_conversation(), "00:18:52.7", CHILD)
    story.records[:] = [r for r in story.records if r.subject != f"twilio:{CHILD}"]
    call = fold(dialled(story, SECOND, OPENAI, ("initiated", "00:19:15"), ("busy", "00:19:16")).records)
    assert _named(call) == (CHILD, AI)


def test_the_other_ai_leg_is_never_taken_for_the_callers():
    story = second_conversation(first_conversation())
    story.records[:] = [r for r in story.records if r.subject != f"twilio:{PARENT}"]
    assert fold(story.records).parent is None
