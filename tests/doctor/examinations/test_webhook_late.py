"""OpenAI's webhooks come seconds after they were made."""

from dataclasses import replace

from callstore.domain.facts import events as ev
from tests.builders import answered_call
from tests.doctor.told import examine, proofs

KEY = "webhook_late"


def late(by, *, of=lambda record: isinstance(record.event, ev.SessionOffered)):
    story = answered_call()
    story.records = [replace(r, received_at=r.received_at + by) if of(r) else r for r in story.records]
    return story


def test_fires_for_a_webhook_that_came_later_than_its_neighbours():
    story = late(8)
    found = examine(KEY, story)
    assert proofs(story, found) == ["session.offered 00:18:17", "leg.status 00:18:17"]
    assert "8" in found.why


def test_stays_silent_for_one_in_time_and_for_a_call_that_all_came_late():
    assert examine(KEY, late(3)) is None
    assert examine(KEY, late(3600, of=lambda record: True)) is None


def test_stays_silent_for_a_call_whose_facts_were_all_sent_at_once():
    story = answered_call()
    story.records = [replace(r, received_at=story.records[-1].received_at + 1) for r in story.records]
    assert examine(KEY, story) is None
