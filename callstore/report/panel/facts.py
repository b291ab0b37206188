"""The numbers that carry a verdict, each with where it lies on the axis. Pure."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from callstore.domain.facts.vocabulary import Actor
from callstore.report.document import Report
from callstore.report.wording import ENDED_FIRST, GAPS, leg_status


class Stretch(NamedTuple):
    """A stretch of the axis that a number is about."""

    start_s: float
    end_s: float


class Fact(NamedTuple):
    """One number of the verdict; with `start_s` it can be shown on the axis.

    `place` names the stretch where the number is not its length; `stretches` are all that it adds up.
    """

    name: str
    value: str
    note: str
    start_s: float | None = None
    end_s: float | None = None
    loud: bool = False
    place: str = ""
    stretches: Sequence[Stretch] = ()


def facts(document: Report) -> list[Fact]:
    """The numbers a reader needs first."""
    return [*_lost(document), *_silence(document), _leg(document), _first(document)]


def _lost(document: Report) -> Iterator[Fact]:
    name, lost = "Caller speech without transcript", document.get("untranscribed_caller_speech_s")
    gap = document.get("gap_kind")
    if lost is None and gap == "none":
        yield Fact(name, "None", "the AI leg was never answered")
    elif lost is None:
        yield Fact(name, "Not known", "no recording says how long")
    elif lost == 0:
        yield Fact(name, "None", "all that the caller said was written down")
    elif lost is not None:
        yield _lost_in(document, f"{lost:.1f} s", GAPS.get(gap, "") if gap else "")


def _lost_in(document: Report, length: str, note: str) -> Fact:
    """What was lost in gaps: the number is all of them, the place on the axis is the longest."""
    name = "Caller speech without transcript"
    start, end = document.get("longest_gap_start_s"), document.get("longest_gap_end_s")
    gaps = [Stretch(gap["start_s"], gap["end_s"]) for gap in document.get("gaps") or ()]
    if len(gaps) < 2:
        return Fact(name, length, note, start, end, loud=True)
    return Fact(name, f"{length} in {len(gaps)} gaps", note, start, end, True, "longest", gaps)


def _silence(document: Report) -> Iterator[Fact]:
    silence, closed = document.get("ai_silence_before_end_s"), document.get("ai_close_observed")
    if silence is None:
        return
    session = document.get("session")
    event = session.get("last") if session else None
    last = event["at_s"] if event else None
    code = document.get("ai_close_code")
    note = f"closed with {code}" if closed else f"last event: {document.get('ai_last_event_type')}"
    yield Fact(
        "AI silent before the leg ended", f"{silence:.1f} s", note,
        last, None if last is None else last + silence, loud=not closed,
    )  # fmt: skip


def _leg(document: Report) -> Fact:
    if document.get("child_call_sid"):
        name, status, seconds = "Child", document.get("child_status"), document.get("child_duration_s")
    else:
        name, status, seconds = "Parent", document.get("parent_status"), document.get("parent_duration_s")
    value = leg_status(status, document.get("sip_response_code")) if status else "not known"
    value = value[:1].upper() + value[1:]
    note = "" if seconds is None else f"{seconds} s by Twilio's count"
    return Fact(f"{name} leg", value, note)


def _first(document: Report) -> Fact:
    who: Actor = document.get("ended_first_by") or "unknown"
    note = "no side's BYE is on record" if who == "unknown" else ""
    uncertain = document.get("time_uncertainty_ms")
    if who != "unknown" and uncertain:
        note = f"clocks agree to {uncertain / 1000:.1f} s"
    value = ENDED_FIRST.get(who, who)
    return Fact("Ended first by", value[:1].upper() + value[1:], note)
