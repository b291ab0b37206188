"""The dial action of a completed child answered with <Hangup/>."""

import pytest

from tests.builders import answered_call
from tests.doctor.told import examine, proofs

KEY = "dial_action_hangs_up"


def asked(**dial):
    return answered_call().dial_action("00:18:52.4", **dial)


def test_fires_where_the_caller_was_still_there_and_nobody_had_ended_the_call():
    story = asked().answered("00:18:52.45", "Hangup")
    found = examine(KEY, story)
    assert proofs(story, found) == [
        "leg.status 00:18:52", "dial.finished 00:18:52.400", "flow.answered 00:18:52.450",
        "leg.status 00:18:52",
    ]  # fmt: skip
    assert "/advice?" in found.paste and "<Redirect>" in found.paste


@pytest.mark.parametrize(
    "story",
    [
        asked().answered("00:18:52.45", "Say", "Dial"),
        asked(dial_status="busy").answered("00:18:52.45", "Hangup"),
        asked(status="completed").answered("00:18:52.45", "Hangup"),
        asked().answered("00:18:52.45", "Hangup").tool("00:18:48"),
        asked().answered("00:18:52.45", "Hangup").api("00:18:51.5", "hangup"),
    ],
    ids=["goes on", "never answered", "the caller had left", "the agent finished", "we hung up"],
)
def test_stays_silent_where_the_call_was_over_or_goes_on(story):
    assert examine(KEY, story) is None
