"""Questions to what joined caller and AI without a <Dial>: who left the conference, how the stream ended."""

from collections.abc import Iterator

from callstore.domain.analysis.meeting.departures import Departure
from callstore.domain.analysis.meeting.streams import carrying
from callstore.domain.call.legs.fold_conference import meeting
from callstore.findings.rule import Case
from callstore.verdict.evidence import (
    AI,
    CALLER,
    LIMIT,
    NOTHING,
    OURS,
    REFUSED,
    USELESS,
    Evidence,
    Findings,
    Verdicts,
)

WHO: dict[str, tuple[str, Verdicts]] = {
    "caller": ("The caller.", CALLER | USELESS | REFUSED),
    "ai": ("The AI's leg.", AI | LIMIT | REFUSED | OURS),
    "app": ("Our account: it took a leg out, or ended the conference.", OURS | USELESS),
}


def conference(case: Case, found: Findings) -> Iterator[Evidence]:
    met, first, name = meeting(case.call), case.ending.departure, "Who left the conference first"
    if met is None or case.ending.end is None:
        return
    if first is None:
        yield Evidence(name, "Not told: the callbacks of its leaving are missing.", None)
        return
    text, speaks_for = WHO[first.who]
    reason = _reason(case, first)
    at = first.seen[0].at.at
    yield Evidence(name, f"{text[:-1]} ({reason})." if reason else text, speaks_for, first.seen, at)


def _reason(case: Case, first: Departure) -> str | None:
    met = meeting(case.call)
    if met is None:
        return None
    one = met.participants.get(first.leg or "")
    return (one.reason if one else None) or met.reason


def stream(case: Case, found: Findings) -> Iterator[Evidence]:
    stream = carrying(case.call)
    if stream is None:
        return
    name, seen = "Media stream", (stream.started, stream.stopped, stream.failed)
    at = next((s.at.at for s in seen if s), None)
    if stream.failed:
        text = f"It broke{f' with {stream.error_code}' if stream.error_code else ''}."
        yield Evidence(name, text, NOTHING, seen, at)
    elif stream.stopped:
        yield Evidence(name, "It stopped whole: with its leg, or by our application.", NOTHING, seen, at)
    else:
        yield Evidence(name, "Its end was not told.", None, seen, at)
