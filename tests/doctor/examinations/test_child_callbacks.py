"""The child's progress is not told, or only a part of it."""

import pytest

from tests.builders import Story, answered_call
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


def test_stays_silent_where_all_events_come_and_one_was_lost():
    part = told(("initiated", "00:18:17"), ("in-progress", "00:18:23"), ("completed", "00:18:52"))
    assert examine(KEY, answered_call()) is None
    assert examine(KEY, part) is None
    assert examine(KEY, *[answered_call()] * 3, told(("completed", "00:18:52"))) is None


def test_stays_silent_while_the_callback_may_still_come():
    assert examine(KEY, told(("initiated", "00:18:17")), now="00:19:10") is None
