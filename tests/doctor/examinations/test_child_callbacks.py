"""The child's progress is not told, or only a part of it."""

from dataclasses import replace

import pytest

from callstore.domain.facts.events import LegStatus
from tests.builders import CHILD, Story, answered_call
from tests.doctor.told import examine, proofs

KEY = "child_callbacks"


def told(*child):
    """A call of whose child only these statuses were told."""
    story = Story().asked("00:17:52.3").offered("00:18:17")
    for sequence, (status, clock) in enumerate(child):
        story.child(status, clock, sequence=sequence)
    return story.dial_action("00:18:52.4").parent("completed", "00:18:52", sequence=0)


@pytest.mark.parametrize(
    ("child", "says"),
    [
        ([("completed", "00:18:52")], "only `completed`"),
        ([("initiated", "00:18:17")], "only `initiated`"),
        ([], "nothing"),
    ],
)
def test_fires_for_a_part_of_the_events(child, says):
    story = told(*child)
    found = examine(KEY, story)
    assert says in found.why and found.events
    assert 'statusCallbackEvent="initiated ringing answered completed"' in found.paste
    assert 'statusCallback="https://calls.example.com/hooks/twilio/' in found.paste
    if child:
        assert proofs(story, found)[0].startswith("leg.status")


def of_child(story):
    """Its child's statuses, as Twilio's API brought them afterwards: a resource has no numbers."""
    brought = {"initiated", "completed"}
    story.records = [
        replace(r, backfilled=True, sequence=None)
        if isinstance(r.event, LegStatus) and r.subject == f"twilio:{CHILD}" and r.event.status in brought
        else r
        for r in story.records
    ]
    return story


def test_fires_where_nothing_of_it_came_but_what_twilios_api_was_asked_for():
    story = of_child(told(("initiated", "00:18:17"), ("completed", "00:18:52")))
    assert "nothing" in examine(KEY, story).why


def test_stays_silent_for_a_call_that_was_brought_as_a_whole():
    """Of before callstore was told of any."""
    story = told(("initiated", "00:18:17"), ("completed", "00:18:52"))
    story.records = [replace(r, backfilled=True) for r in story.records if r.source != "openai"]
    assert examine(KEY, story) is None
    assert examine("parent_callback", story) is None


def test_stays_silent_where_a_part_was_lost_and_twilio_lists_that_it_had_sent_it():
    story = told(("initiated", "00:18:17"), ("ringing", "00:18:18"), ("in-progress", "00:18:23"))
    story.records = [
        replace(r, backfilled=True) if getattr(r.event, "status", "") in ("ringing", "in-progress") else r
        for r in story.records
    ]
    assert examine(KEY, story) is None


def test_stays_silent_where_all_events_come_and_some_were_lost():
    part = told(("initiated", "00:18:17"), ("in-progress", "00:18:23"), ("completed", "00:18:52"))
    assert examine(KEY, answered_call()) is None
    assert examine(KEY, part) is None
    # Twilio numbers what it was asked for, so this one was its fourth.
    end = Story().asked("00:17:52.3").child("completed", "00:18:52", sequence=3)
    assert examine(KEY, end.parent("completed", "00:18:52", sequence=0)) is None


def test_stays_silent_while_a_callback_may_still_come_unless_it_is_the_only_call():
    young = told(("initiated", "00:18:17"))
    older = answered_call(child_end="00:18:00", parent_end="00:18:00")
    assert examine(KEY, young, older, now="00:19:10") is None
    assert examine(KEY, young, now="00:19:10")
    assert examine(KEY, young, now="00:18:53") is None
