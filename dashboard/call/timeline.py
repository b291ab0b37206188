"""A call's document as lanes and marks on one axis, seconds from the first event. Pure.

A lane whose source is missing stays, with the reason.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypedDict

from callstore.domain.facts.silence import USUAL_LEG_S
from callstore.report.document import Document, Report
from dashboard.call.hops import Hop, hops
from dashboard.call.lanes import (
    flow,
    legs,
    meetings,
    notes,
    other_transcripts,
    responses,
    session,
    signals,
    sound,
    turn_taking,
    words,
)
from dashboard.call.lanes.heard import heard_by_ai
from dashboard.call.lanes.mark import Mark, middle, placed, uncertainty
from dashboard.call.lanes.reasons import reason

BEFORE, AFTER = 0.008, 0.085  # of the call's length: for the first symbol, and for the arrows at the end
LEAST_S = 1.0  # a call of one event still has an axis
# What belongs to a call is seen within some minutes of its legs; what is stamped further off has a clock that
# is wrong, and would squeeze the call to a line. One without a known end is as long as a leg usually may be.
BESIDE_S = 300.0

# What was made of the facts. A finding may end when we stopped waiting for a close, seconds after the call.
JUDGED = frozenset({"findings", "judgement", "anomalies", "evidence_for", "backfill"})


class Lane(TypedDict):
    """`reason` says why nothing is on the lane; None where something is."""

    id: str
    name: str
    reason: str | None


class PlayedRecording(TypedDict):
    """The recording under the axis: its second 0 lies at `start_s`, give or take `spread_s`.

    The caller is on its first channel and the agent on its second, unless they are `swapped`.
    """

    recording: str
    start_s: float
    end_s: float
    spread_s: float
    channels: int
    swapped: bool
    nudged_s: float
    is_kept: bool


class Timeline(TypedDict):
    """`start_s` to `end_s` is what the axis shows at first; the call itself ends at `call_end_s`.

    `outside` names what is stamped so far from the call that it is drawn at the axis' end.
    """

    call_id: str | None
    started_at: str | None
    start_s: float
    end_s: float
    call_end_s: float
    ai_last_event_s: float | None
    lanes: list[Lane]
    marks: list[Mark]
    hops: list[Hop]
    recording: PlayedRecording | None
    outside: list[str]


class Source(NamedTuple):
    """How a lane is called and what gives its marks."""

    name: str
    marks: Callable[[Report, float], Iterator[Mark]]


LANES: dict[str, Source] = {
    "signals": Source("Signals", signals.signals),
    "notes": Source("Notes", notes.notes),
    "parent": Source("Parent leg", legs.parent),
    "ivr": Source("IVR / DTMF", flow.flow),
    "child": Source("Child leg", legs.child),
    "conference": Source("Conference", meetings.conferences),
    "stream": Source("Media stream", meetings.streams_beside_a_leg),
    "ai": Source("AI session", session.session),
    "responses": Source("AI responses", responses.responses),
    "agent_text": Source("Agent text", words.agent),
    "caller_text": Source("Caller text", words.caller),
    "twilio_text": Source("Twilio transcript", other_transcripts.twilio),
    "turn_taking": Source("Turn-taking", turn_taking.turn_taking),
    "heard_by_ai": Source("Heard by the AI", heard_by_ai),
    "agent_audio": Source("Agent audio", sound.agent),
    "caller_audio": Source("Caller audio", sound.caller),
    "openai_audio": Source("OpenAI's recording", sound.kept_by_openai),
}
# What few calls have: without a mark the lane is left out, and no reason is owed.
RARE = frozenset({"conference", "stream", "responses", "openai_audio", "notes"})


def timeline(document: Document) -> Timeline:
    """The axis of a call as `report` describes it, or of any part of such a document."""
    first, last = _bounds(document)
    played = _played(document)
    within = [moment for moment in _moments(document) if first <= moment <= last]
    end = max([LEAST_S, *within, *([played["end_s"]] if played else ())])
    marks = [mark for lane, source in LANES.items() for mark in _numbered(lane, source.marks(document, end))]
    outside = [mark for mark in marks if mark["start_s"] < first or (mark["end_s"] or mark["start_s"]) > last]
    for mark in outside:
        _move_inside(mark, min([0.0, *within]), end)
    start = min([0.0, *(mark["start_s"] for mark in marks)])
    full = {mark["lane"] for mark in marks}
    ai = document.get("session")
    last_event = ai.get("last") if ai else None
    return {
        "call_id": document.get("call_id"),
        "started_at": document.get("started_at"),
        "start_s": round(start - (end - start) * BEFORE, 3),
        "end_s": round(end + (end - start) * AFTER, 3),
        "call_end_s": round(end, 3),
        "ai_last_event_s": last_event["at_s"] if last_event else None,
        "lanes": [
            {
                "id": lane,
                "name": _name(lane, document),
                "reason": None if lane in full else reason(lane, document),
            }
            for lane in LANES
            if lane in full or lane not in RARE
        ],
        "marks": marks,
        "hops": hops(document),
        "recording": played,
        "outside": [f"{LANES[mark['lane']].name}: {mark['label']}" for mark in outside],
    }


def _name(lane: str, document: Report) -> str:
    """A stream takes the place of the AI's leg, where there is none."""
    in_its_place = lane == "child" and not document.get("child_call_sid") and document.get("streams")
    return "Media stream" if in_its_place else LANES[lane].name


def _bounds(document: Report) -> tuple[float, float]:
    """From when to when a moment is taken to be of this call: beside its legs, as far as they are known."""
    legs = document.get("legs") or ()
    ends = [middle(leg["ended"]) for leg in legs if placed(leg["ended"])]
    return -BESIDE_S, (max(ends) if legs and len(ends) == len(legs) else USUAL_LEG_S) + BESIDE_S


def _move_inside(mark: Mark, start: float, end: float) -> None:
    """Keeps a mark on the axis; where it was stamped its detail says."""
    began, ended = mark["start_s"], mark["end_s"]
    stamped = f"stamped at {began:+.0f} s, which is not beside this call"
    mark["start_s"] = min(max(began, start), end)
    mark["end_s"] = None if ended is None else min(max(ended, start), end)
    mark["detail"] = " · ".join(filter(None, (mark["detail"], stamped)))


def _numbered(lane: str, marks: Iterable[Mark]) -> Iterator[Mark]:
    ordered = sorted(marks, key=lambda mark: (mark["start_s"], mark["end_s"] or mark["start_s"]))
    for number, mark in enumerate(ordered, 1):
        mark["id"] = f"{lane}-{number}"
        yield mark


def _moments(document: object) -> list[float]:
    """Every second at which something was, anywhere in the document's parts; moments as they are drawn."""
    found: list[float] = []
    parts = [document]
    while parts:
        part = parts.pop()
        if isinstance(part, list):
            parts += part
        if not isinstance(part, dict):
            continue
        if isinstance(at := part.get("at_s"), int | float):
            found.append(at + uncertainty({"at_s": at, "precision_ms": part.get("precision_ms") or 0}))
        for name, value in part.items():
            if name in ("start_s", "end_s") and isinstance(value, int | float):
                found.append(value)
            elif name in ("caller", "agent"):
                found += [end for _, end in value or ()] if isinstance(value, list) else ()
            elif isinstance(value, dict | list) and name not in JUDGED:
                parts.append(value)
    return found


def _played(document: Report) -> PlayedRecording | None:
    heard = sound.recording(document)
    if heard is None or heard["start_s"] is None or not heard["duration_s"]:
        return None
    return {
        "recording": heard["recording"],
        "start_s": heard["start_s"],
        "end_s": round(heard["start_s"] + heard["duration_s"], 3),
        "spread_s": heard["spread_s"],
        "channels": heard["channels"] or 1,
        "swapped": bool(heard["channels_swapped"]),
        "nudged_s": heard["nudged_s"],
        "is_kept": not heard.get("removed_at"),
    }
