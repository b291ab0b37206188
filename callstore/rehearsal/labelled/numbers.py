"""The numbers of a conversation (docs/fields.md) as the telling has them, and which witnesses can know them.

They are counted from utterances, which the code under test never sees: it has sounds and events.
"""

from typing import Any, TypedDict

import numpy as np

from callstore.rehearsal.labelled.scene import DUAL, NO_SIDEBAND, Scene
from callstore.rehearsal.labelled.spans import Span, clipped, joined, total, voiced, without
from callstore.rehearsal.simulation.speech import Utterance

# How far a number may be off: seconds, and for the share and the count their own measure.
WITHIN = {
    "response_time_p50_s": 0.3,
    "response_time_p95_s": 0.6,
    "longest_dead_air_s": 0.6,
    "talk_over_s": 0.6,
    "interruptions": 0.0,
    "caller_talk_share": 0.05,
}
# What the AI's events show as well, where everybody was heard by the other.
OF_EVENTS = ("response_time_p50_s", "response_time_p95_s", "interruptions")


class Told(TypedDict):
    """The numbers by their names; None where there is nothing to count."""

    response_time_p50_s: float | None
    response_time_p95_s: float | None
    longest_dead_air_s: float
    talk_over_s: float
    interruptions: int
    caller_talk_share: float | None


def told_numbers(of: Scene) -> Told:
    """The definitions of docs/fields.md applied to who said what when."""
    start, end = of.leg
    caller = [words for words in of.words if words.who == "caller" and words.text]
    agent = [words for words in of.words if words.who == "agent" and words.heard]
    theirs, its = _sound(of, caller), _sound(of, agent)
    waits = _waits(sorted([*caller, *agent], key=lambda words: words.start), end)
    spoken = total(theirs) + total(its)
    silent = without([(start, end)], joined([*theirs, *its]))
    return {
        "response_time_p50_s": float(np.percentile(waits, 50)) if waits else None,
        "response_time_p95_s": float(np.percentile(waits, 95)) if waits else None,
        "longest_dead_air_s": max((e - s for s, e in silent), default=0.0),
        "talk_over_s": total(theirs) - total(without(theirs, its)),
        "interruptions": sum(words.cut for words in agent),
        "caller_talk_share": total(theirs) / spoken if spoken else None,
    }


def number_labels(of: Scene) -> dict[str, object]:
    """`expect` of the scenario: a recording of both sides hears all, events only what was heard."""
    if of.played.ending.reaches != "conversation" or of.witnesses == "lossy":
        return {}
    if of.ending.startswith("comes_back"):
        return {}  # the numbers are the last conversation's
    told = told_numbers(of)
    if of.recorded and of.witnesses in DUAL:
        return {"numbers_basis": "recording", **{name: _label(told, name) for name in WITHIN}}
    if of.witnesses == "bare":
        return {"numbers_basis": None, **dict.fromkeys(WITHIN)}
    if of.witnesses == "short_recording" or of.witnesses in NO_SIDEBAND:
        return {}
    whole = of.played.ending.watched and all(words.heard for words in of.words)
    return {
        "numbers_basis": "ai_events",
        **({name: _label(told, name) for name in OF_EVENTS} if whole else {}),
    }


def told_anew(expect: dict[str, Any]) -> dict[str, Any]:
    """The label without the numbers that its events told, where they are told otherwise or in part."""
    by_events = (
        {"numbers_basis", *WITHIN} if expect.get("numbers_basis") == "ai_events" else {"interruptions"}
    )
    return {name: value for name, value in expect.items() if name not in by_events}


def _sound(of: Scene, words: list[Utterance]) -> list[Span]:
    return clipped(joined([span for each in words for span in voiced(of, each)]), *of.leg)


def _waits(words: list[Utterance], end: float) -> list[float]:
    """From the caller's last word to the agent's first, wherever the agent did not come in on the caller."""
    found, waiting = [], None
    for each in words:
        if each.start >= end:
            break
        if each.who == "caller":
            waiting = each.end
        elif waiting is not None:
            found += [each.start - waiting] if each.start >= waiting else []
            waiting = None
    return found


def _label(told: Told, name: str) -> dict[str, float] | None:
    value = told[name]  # type: ignore[literal-required]  # of the names above
    return None if value is None else {"about": round(value, 3), "within": WITHIN[name]}
