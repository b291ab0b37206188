"""A call as a row of the list: what stands in each cell, and which filter a click on it adds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from callstore.domain.facts.vocabulary import Actor, Confidence, Flag, GapKind, SourceState, VerdictWord
from callstore.report.document import Document
from dashboard.calls.cells.chosen import CELLS
from dashboard.calls.cells.values import Value, clock, moment, number, term, value
from dashboard.calls.columns import USUAL, Column
from dashboard.calls.sparkline import sparkline

SHOWN_SIGNALS = 3  # of a row 36 px high; the others are counted

FLAGS: dict[Flag, tuple[str, str, str]] = {
    "truncated": ("Truncated", "cut", "bad"),
    "late": ("Late", "clock", "quiet"),
    "orphan": ("Orphan", "branch", "quiet"),
    "incomplete": ("Incomplete", "question", "quiet"),
}
ENDED_BY: dict[Actor, str] = {
    "ai": "AI", "caller": "Caller", "app": "App", "twilio": "Twilio", "unknown": "Unknown",
}  # fmt: skip
GAPS: dict[GapKind, tuple[str, str]] = {
    "not_heard": ("deaf", "The AI did not hear it"),
    "heard_not_transcribed": ("no-text", "The AI heard it, but there is no transcript"),
    "unknown": ("question", "Whether the AI heard it is not known"),
    "pending": ("clock", "A transcript may still come"),
}
NO_GAP: dict[SourceState, str] = {
    "pending": "Not known yet: the recording is pending",
    "off": "Not known: recording is off",
    "failed": "Not known: the recording failed",
    "expired": "Not known: the recording is gone",
    "present": "Not known: there is no recording",
    "never_expected": "Not known: there is no recording",
}
NO_RECORDING: dict[SourceState, tuple[str, str, str]] = {
    "pending": ("Recording pending", "clock", "quiet"),
    "off": ("No recording", "no-record", "quiet"),
    "failed": ("Recording failed", "warning", "warn"),
    "expired": ("Recording expired", "no-record", "quiet"),
}
UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


@dataclass(frozen=True, slots=True)
class Row:
    """What the template prints; None where nothing is known."""

    call_id: str
    started: datetime | None
    ago: str
    verdict: VerdictWord | None
    confidence: Confidence | None
    verdict_term: str
    gap: Value | None
    gap_unknown: str
    sparkline: SafeString
    parent: str | None
    child: str | None
    agent: Value | None
    version: Value | None
    status: Value | None
    sip: Value | None
    ended_by: Value | None
    caller: Value | None
    signals: list[Value]
    more: str
    chosen: list[tuple[Column, Value | None]]


def row(document: Document, now: datetime, columns: Sequence[Column] = USUAL) -> Row:
    """The row of a stored document; `now` (aware) is what its age counts from."""
    started = moment(document.get("started_at"))
    signals = list(_signals(document))
    return Row(
        call_id=document["call_id"],
        started=started,
        ago=ago(started, now) if started else "",
        verdict=document.get("verdict"),
        confidence=document.get("verdict_confidence"),
        verdict_term=term("verdict", document.get("verdict") or "*"),
        gap=_gap(document),
        gap_unknown=NO_GAP.get(document.get("recording_state") or "never_expected", NO_GAP["never_expected"]),
        sparkline=sparkline(document),
        parent=clock(document.get("parent_duration_s")),
        child=clock(document.get("child_duration_s")),
        agent=value("agent", document.get("agent_name")),
        version=value("version", document.get("agent_version")),
        status=value("status", document.get("child_status")),
        sip=value("sip", document.get("sip_response_code")),
        ended_by=_ended_by(document.get("ended_first_by")) if document.get("verdict") != "live" else None,
        caller=number("from", document.get("from")),
        signals=signals[:SHOWN_SIGNALS],
        more=", ".join(signal.text for signal in signals[SHOWN_SIGNALS:]),
        chosen=[(column, CELLS[column.name](document)) for column in columns if column.name in CELLS],
    )


def ago(then: datetime, now: datetime) -> str:
    """How long ago, in the largest unit."""
    seconds = (now - then).total_seconds()
    for length, unit in UNITS:
        if seconds >= length:
            return f"{seconds // length:.0f} {unit} ago"
    return "just now" if seconds > -UNITS[-1][0] else "in the future"


def _ended_by(who: Actor | None) -> Value | None:
    tone = "zero" if who == "unknown" else ""
    return Value(ENDED_BY.get(who, who), term("ended_by", who), tone=tone) if who else None


def _gap(document: Document) -> Value | None:
    seconds = document.get("untranscribed_caller_speech_s")
    if seconds is None:
        return None
    kind: GapKind = document.get("gap_kind") or "unknown"
    icon, about = GAPS.get(kind, ("", ""))
    tone = "bad" if kind == "not_heard" else "zero" if kind == "none" else ""
    return Value(f"{seconds:.1f}", term("gap_kind", kind), icon, tone, about)


def _signals(document: Document) -> Iterator[Value]:
    for flag, (text, icon, tone) in FLAGS.items():
        if flag in document["flags"]:
            yield Value(text, term("is", flag), icon, tone)
    for code in document["error_codes"]:
        yield Value(code, term("error", code), "blocked", "bad", "Error")
    for code in document["warning_codes"]:
        yield Value(code, term("warning", code), "warning", "warn", "Warning")
    state = document.get("recording_state")
    if state in NO_RECORDING:
        text, icon, tone = NO_RECORDING[state]
        yield Value(text, term("recording", state), icon, tone)
