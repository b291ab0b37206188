"""The number tells no end of its calls."""

from dataclasses import replace

from tests.builders import Story, answered_call
from tests.doctor.told import examine, proofs

KEY = "parent_callback"


def without_parent():
    story = Story().asked("00:17:52.3").child("initiated", "00:18:17", sequence=0)
    story.child("ringing", "00:18:18", sequence=1).child("in-progress", "00:18:23", sequence=2)
    return story.child("completed", "00:18:52", sequence=3).dial_action("00:18:52.4")


def test_fires_where_no_parent_ever_told_its_end():
    story = without_parent()
    found = examine(KEY, story)
    assert proofs(story, found)[0] == "flow.asked 00:17:52.300"
    assert "Call status changes" in found.paste and "#rc=5&rp=all" in found.paste


def test_fires_where_twilios_api_alone_told_it():
    story = without_parent().parent("completed", "00:18:52")
    story.records[-1] = replace(story.records[-1], backfilled=True)
    assert "In 1 of 1 calls" in examine(KEY, story).why


def test_stays_silent_where_it_does_or_where_one_was_lost():
    assert examine(KEY, answered_call()) is None
    assert examine(KEY, *[answered_call()] * 3, without_parent()) is None


def test_fires_for_a_number_that_is_one_of_many():
    other = without_parent()
    other.records = [
        replace(r, event=replace(r.event, called="+15550100009")) if hasattr(r.event, "called") else r
        for r in other.records
    ]
    found = examine(KEY, *[answered_call()] * 3, other)
    assert {call for _, call in found.events} == {"call-4"} and "In 1 of 1 calls" in found.why
