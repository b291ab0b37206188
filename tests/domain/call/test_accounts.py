"""Facts of several accounts about one call cannot all be true: it is said, in whatever order they came."""

from itertools import permutations

import pytest

from callstore.domain.call.fold import fold
from callstore.domain.facts.events import DialFinished, LegStatus, RecordingStatus
from tests.builders import CHILD, PARENT, RECORDING, Story

OURS, THEIRS = "AC" + "1" * 32, "AC" + "f" * 32


def told(*accounts: str | None):
    """A leg's three words, each of an account."""
    story = Story()
    for n, account in enumerate(accounts):
        event = LegStatus(status=("ringing", "in-progress", "completed")[n], account=account)
        story.add(f"twilio:{PARENT}", event, f"00:00:0{n}")
    return story


@pytest.mark.parametrize("accounts", [(OURS, OURS, OURS), (None, None, None), (None, OURS, None)])
def test_one_account_or_none_is_nothing_odd(accounts):
    assert fold(told(*accounts).records).anomalies == []


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_a_fact_of_another_account_about_a_leg_is_named(order):
    records = told(OURS, THEIRS, OURS).records
    [anomaly] = fold([records[n] for n in order]).anomalies
    assert anomaly.kind == "other_account"
    assert anomaly.detail == f"{PARENT} is told of by {THEIRS}, the call by {OURS}"
    assert anomaly.positions == (1, 2)


def test_a_leg_of_another_account_that_names_a_parent_is_named():
    child = LegStatus(status="initiated", account=THEIRS, parent=PARENT)
    story = told(OURS).add(f"twilio:{CHILD}", child, "00:00:05")
    assert [anomaly.kind for anomaly in fold(story.records).anomalies] == ["other_account"]


def test_a_dial_of_another_account_is_named():
    dial = DialFinished(path="/", child=CHILD, account=THEIRS)
    story = told(OURS).add(f"twilio:{PARENT}", dial, "00:00:05")
    assert [anomaly.kind for anomaly in fold(story.records).anomalies] == ["other_account"]


def test_a_recording_goes_with_the_account_that_said_where_it_lies():
    story = Story()
    for n, (account, proved_by) in enumerate([(OURS, None), (THEIRS, OURS), (THEIRS, None)]):
        event = RecordingStatus(
            recording=RECORDING, status="completed", url=f"https://{n}", account=account, proved_by=proved_by
        )
        story.add(f"twilio:{PARENT}", event, f"00:00:0{n}")
        recording = fold(story.records).recordings[RECORDING]
        assert (recording.url, recording.account) == (f"https://{n}", proved_by or account)
