"""An erased call folds to the same story without its words."""

from dataclasses import replace
from typing import Any

import pytest

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import CallErased
from callstore.domain.facts.record import Record
from callstore.rehearsal.evaluation.evaluate import records as records_of
from callstore.rehearsal.scenarios.scenario import load
from callstore.report.report import report
from tests.places import SCENARIOS

RECORDED = sorted(path.parent for path in SCENARIOS.glob("*/scenario.json"))
LATER = 2_000_000_000.0
# Whatever else differs was found by reading words, or says that they are gone.
WORDS = {
    "from", "to", "dtmf", "digits", "text", "message", "arguments", "failure",
    "last_caller_transcript", "last_agent_transcript",
}  # fmt: skip
SAYS_SO = {
    "erased_at", "event_count", "last_position", "recording_state", "transcript_state", "state",
    "media", "peaks", "recording", "transcript", "twilio_transcript", "source_details",
}  # fmt: skip


def erased(records: list[Record]) -> list[Record]:
    """The facts as the log gives them once the key is gone."""
    without = [
        replace(r, event=replace(r.event, **dict.fromkeys(r.event.PERSONAL)))  # type: ignore[type-var]
        for r in records
    ]
    last = replace(
        records[-1],
        position=records[-1].position + 1,
        source="operator",
        key="erased",
        event=CallErased(reason="asked for"),
        occurred=Instant(LATER, Clock.RECEIVER),
        received_at=LATER,
    )
    return [*without, last]


def story(value: Any) -> Any:
    """A document without what an erasure takes away or adds."""
    if isinstance(value, dict):
        return {name: story(item) for name, item in value.items() if name not in WORDS | SAYS_SO}
    if isinstance(value, list):
        return [story(item) for item in value]
    return value


def texts(value: Any) -> list[str]:
    """Every value under a name that is personal."""
    if isinstance(value, dict):
        own = [str(item) for name, item in value.items() if name in WORDS - {"failure"} and item]
        return own + [text for item in value.values() for text in texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return []


@pytest.mark.parametrize("scenario", RECORDED, ids=lambda path: path.name)
def test_an_erased_call_tells_the_same_story_without_words(scenario):
    records = records_of(load(scenario))
    before, after = report(records), report(erased(records))
    assert texts(before)
    assert texts(after) == []
    assert story(after) == story(before)
    assert (before["erased_at"], after["erased_at"]) == (None, "2033-05-18T03:33:20.000Z")


def test_an_erased_call_has_and_awaits_no_audio():
    records = records_of(load(SCENARIOS / "founding_call"))
    after = report(erased(records))
    assert {r["state"] for r in after["recordings"]} == {"expired"}
    assert [(r["media"], r["peaks"]) for r in after["recordings"]] == [(None, None)]
    assert (after["recording_state"], after["transcript_state"]) == ("expired", "expired")
