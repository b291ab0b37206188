"""Two documents as one comparison: settings, numbers, verdicts with evidence, and lanes on one axis. Pure."""

from typing import Any, TypedDict

from callstore.report import wording
from callstore.report.document import Document, stable_fields
from callstore.report.document_judgement import CheckPart
from dashboard.call.lanes.mark import Mark
from dashboard.call.timeline import LANES, timeline
from dashboard.compare.alignment import Alignment, Basis, alignment
from dashboard.export.masking import masked

SETTINGS = {
    "agent_name": "Agent", "agent_version": "Version", "ai_model": "Model", "ai_api": "API of the AI",
    "topology": "Topology", "region": "Region", "edge": "Edge", "direction": "Direction",
    "to": "Number called", "recording_state": "Recording", "transcript_state": "Transcript",
    "numbers_basis": "Numbers measured on",
    "rules_version": "Version of the rules",
}  # fmt: skip
NUMBERS = {
    "parent_duration_s": "Parent leg", "child_duration_s": "Child leg",
    "ai_silence_before_end_s": "AI silent before the end", "caller_speech_s": "Caller speech",
    "untranscribed_caller_speech_s": "Gap",
    "caller_speech_end_to_child_end_s": "Caller's last speech to the end",
    "response_time_p50_s": "Wait for an answer, median", "response_time_p95_s": "Wait for an answer, p95",
    "longest_dead_air_s": "Longest dead air", "talk_over_s": "Both speaking",
    "interruptions": "Interruptions",
    "caller_talk_share": "Caller's share of the talk", "detection_lag_s": "Detection lag",
    "event_count": "Events",
}  # fmt: skip


class Pair(TypedDict):
    """One thing of both calls."""

    name: str
    label: str
    a: Any
    b: Any


class Setting(Pair):
    """A setting; where one of both is not known it is not told to differ."""

    differs: bool


class Number(Pair):
    """A number; `difference` is a less b, null where one is not known."""

    unit: str
    difference: float | None


class Check(TypedDict):
    """A row of the evidence, as it was answered for each call; null where it was not asked."""

    check: str
    a: CheckPart | None
    b: CheckPart | None


class Side(TypedDict):
    """One of the two: which call, how it is judged, and where its second 0 lies behind its start."""

    call_id: str
    started_at: str | None
    verdict: str | None
    verdict_confidence: str | None
    cause: str | None
    ended_first_by: str | None
    gap_kind: str | None
    flags: list[str]
    headline: str
    says: str | None
    aligned_at_s: float
    aligned_by: Basis


class ComparedLane(TypedDict):
    """A lane of both calls; seconds of its marks count from the second 0 of their call."""

    id: str
    name: str
    a: list[Mark]
    b: list[Mark]


class Comparison(TypedDict):
    """Two calls side by side. `start_s` to `end_s` is the axis; its second 0 is that of both calls."""

    a: Side
    b: Side
    start_s: float
    end_s: float
    settings: list[Setting]
    numbers: list[Number]
    evidence: list[Check]
    lanes: list[ComparedLane]


def comparison(a: Document, b: Document) -> Comparison:
    """What differs between two calls, and what does not."""
    zeros, axes = (alignment(a), alignment(b)), (timeline(a), timeline(b))
    marks = [_aligned(axis["marks"], zero) for axis, zero in zip(axes, zeros, strict=True)]
    both = list(zip(axes, zeros, strict=True))
    return {
        "a": _side(a, zeros[0]),
        "b": _side(b, zeros[1]),
        "start_s": round(min(axis["start_s"] - zero.at_s for axis, zero in both), 3),
        "end_s": round(max(axis["end_s"] - zero.at_s for axis, zero in both), 3),
        "settings": [_setting(name, label, a, b) for name, label in SETTINGS.items()],
        "numbers": [_number(name, label, a, b) for name, label in NUMBERS.items()],
        "evidence": _evidence(a, b),
        "lanes": [
            {"id": lane, "name": source.name, "a": on_a, "b": on_b}
            for lane, source in LANES.items()
            for on_a, on_b in [[[mark for mark in side if mark["lane"] == lane] for side in marks]]
            if on_a or on_b
        ],
    }


def _side(document: Document, zero: Alignment) -> Side:
    judgement = document.get("judgement")
    return {
        "call_id": document["call_id"],
        "started_at": document.get("started_at"),
        "verdict": document.get("verdict"),
        "verdict_confidence": document.get("verdict_confidence"),
        "cause": document.get("cause"),
        "ended_first_by": document.get("ended_first_by"),
        "gap_kind": document.get("gap_kind"),
        "flags": list(document.get("flags") or ()),
        "headline": wording.headline(document),
        "says": judgement.get("says") if judgement else None,
        "aligned_at_s": zero.at_s,
        "aligned_by": zero.basis,
    }


def _aligned(marks: list[Mark], zero: Alignment) -> list[Mark]:
    return [
        {
            **mark,
            "start_s": round(mark["start_s"] - zero.at_s, 3),
            "end_s": None if (end := mark["end_s"]) is None else round(end - zero.at_s, 3),
        }
        for mark in marks
    ]


def _setting(name: str, label: str, a: Document, b: Document) -> Setting:
    left, right = a.get(name), b.get(name)
    differs = left is not None and right is not None and left != right
    # masked once the two are compared: a page shows whole numbers only where they were asked for
    shown = [masked(value, name) for value in (left, right)]
    return {"name": name, "label": label, "a": shown[0], "b": shown[1], "differs": differs}


def _number(name: str, label: str, a: Document, b: Document) -> Number:
    left, right = _figure(a.get(name)), _figure(b.get(name))
    difference = None if left is None or right is None else round(left - right, 3)
    unit = stable_fields()[name].unit
    return {"name": name, "label": label, "a": left, "b": right, "unit": unit, "difference": difference}


def _figure(value: object) -> float | None:
    return value if isinstance(value, int | float) else None


def _evidence(a: Document, b: Document) -> list[Check]:
    answers = [
        {check["check"]: check for check in (judgement.get("checks") or ())}
        if (judgement := document.get("judgement"))
        else {}
        for document in (a, b)
    ]
    names = dict.fromkeys([*answers[0], *answers[1]])
    return [{"check": name, "a": answers[0].get(name), "b": answers[1].get(name)} for name in names]
