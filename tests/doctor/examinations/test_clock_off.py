"""Somebody's clock is wrong."""

from dataclasses import replace

from callstore.domain.facts import events as ev
from callstore.domain.facts.clock import Clock
from tests.builders import answered_call
from tests.doctor.refusals import refusal
from tests.doctor.told import conversation, examine, proofs

KEY = "clock_off"


def ahead(by, *clocks):
    """The conversation as it would be told by clocks that are ahead."""
    story = conversation()
    story.records = [
        replace(r, occurred=replace(r.occurred, at=r.occurred.at + by)) if r.occurred.clock in clocks else r
        for r in story.records
    ]
    return story


def test_fires_for_an_application_whose_clock_is_ahead():
    found = examine(KEY, ahead(30, Clock.APP))
    assert "30 s ahead" in found.why and "chronyc" in found.paste and found.events


def test_fires_for_one_that_is_behind():
    story = answered_call().frame(ev.FrameSeen, "00:08:23").frame(ev.FrameSeen, "00:08:40")
    story.records = [
        replace(r, received_at=r.received_at + 600) if r.source == "app" else r for r in story.records
    ]
    found = examine(KEY, story)
    assert "behind" in found.why and len(proofs(story, found)) == 2


def test_fires_for_our_own_host_whose_receipts_precede_what_all_others_say():
    assert "this host" in examine(KEY, ahead(30, Clock.APP, Clock.PROVIDER)).why


def test_fires_for_webhooks_that_are_out_of_tolerance():
    found = examine(KEY, refusals=(refusal("openai", "timestamp out of tolerance"),))
    assert "5 min" in found.why


def test_stays_silent_where_clocks_agree():
    assert examine(KEY, conversation()) is None
    assert examine(KEY, ahead(0.1, Clock.APP)) is None
