"""Frames came, and no end of the session."""

from dataclasses import replace

from tests.builders import answered_call
from tests.doctor.told import conversation, dialled, examine, proofs

KEY = "session_end_unseen"


def without_close():
    return dialled().turn("item_1", "00:18:30", "00:18:33", "00:18:23", "Hello.")


def test_fires_where_the_last_frame_is_all_that_is_known():
    story = without_close()
    found = examine(KEY, conversation(), story)
    assert found and {call for _, call in found.events} == {"call-2"}
    assert proofs(story, found) == ["turn.transcribed 00:18:33.900", "leg.status 00:18:52"]
    assert "realtime.socket.closed" in found.paste


def test_stays_silent_where_a_close_was_seen_or_nothing_was():
    assert examine(KEY, conversation()) is None
    assert examine(KEY, answered_call()) is None


def test_stays_silent_while_it_may_still_come():
    older = conversation()
    older.records = [replace(r, occurred=replace(r.occurred, at=r.occurred.at - 60)) for r in older.records]
    assert examine(KEY, without_close(), older, now="00:19:00") is None
    assert examine(KEY, without_close(), older, now="00:19:03")
