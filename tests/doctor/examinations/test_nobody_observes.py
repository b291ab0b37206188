"""Nobody tells what the AI did."""

from callstore.domain.facts import events as ev
from tests.builders import PARENT, Story, answered_call
from tests.doctor.told import conversation, examine, proofs
from tests.findings.stories import refused

KEY = "nobody_observes"


def test_fires_where_no_frame_of_an_answered_call_is_known():
    story = answered_call()
    found = examine(KEY, story)
    assert proofs(story, found) == ["session.offered 00:18:17", "leg.status 00:18:23"]
    assert "manage.py watch" in found.paste and "/hooks/app/" in found.paste


def test_stays_silent_where_somebody_does_or_nobody_answered():
    assert examine(KEY, conversation()) is None
    assert examine(KEY, conversation(), conversation(), conversation(), answered_call()) is None
    assert examine(KEY, refused()) is None


def test_stays_silent_for_a_person_who_was_dialled():
    story = Story().asked("00:17:52.3").child("in-progress", "00:18:23", sequence=2, called="+15550100002")
    assert examine(KEY, story.child("completed", "00:18:52", sequence=3)) is None


def test_fires_for_a_media_stream_too():
    event = ev.StreamStatus(stream="MZ1", state="started")
    story = Story().asked("00:17:52.3").add(f"twilio:{PARENT}", event, "00:18:20")
    assert examine(KEY, story.parent("completed", "00:18:52", sequence=0))
