"""A call in 120 by 18 pixels: child leg, AI session, and the caller's speech with the gap in it. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from callstore.report.document import ConversationPart, Document
from callstore.report.document_parts import Moment

WIDTH, HEIGHT = 120, 18
LEAST = 1.5  # pixels: what is shorter would not be seen


class Lane(NamedTuple):
    """Where a kind of bar stands; the gap is the tallest, so that it is told apart without colour."""

    y: float
    height: float


LANES = {
    "ringing": Lane(2.5, 1),
    "child": Lane(1, 4),
    "ai": Lane(7, 4),
    "unseen": Lane(8.5, 1),
    "speech": Lane(14, 2),
    "gap": Lane(12.5, 5),
}


class Bar(NamedTuple):
    """One bar, in seconds from the call's start."""

    kind: str
    start: float
    end: float


def sparkline(document: Document) -> SafeString:
    """The strip as SVG that is styled by classes alone; nothing where the call has no length yet."""
    drawn = list(bars(document))
    length = max([document.get("parent_duration_s") or 0.0, *(bar.end for bar in drawn)], default=0.0)
    if length <= 0:
        return SafeString("")
    scale = WIDTH / length
    rects = format_html_join(
        "", '<rect class="s-{}" x="{}" y="{}" width="{}" height="{}"/>', _rects(drawn, scale)
    )
    return format_html(
        '<svg class="strip" viewBox="0 0 {0} {1}" preserveAspectRatio="none" width="{0}" height="{1}"'
        ' role="img" aria-label="{2}">{3}</svg>',
        WIDTH,
        HEIGHT,
        described(document),
        rects,
    )


def bars(document: Document) -> Iterator[Bar]:
    """Every bar of a call, those underneath first."""
    for other in document.get("other_conversations") or ():
        yield from _other(document, other)
    child = next((leg for leg in document.get("legs") or () if leg["role"] == "child"), None)
    end = _at(child.get("ended")) if child else None
    if child:
        answered, first = _at(child.get("answered")), _at(child.get("first"))
        yield from _bar("ringing", first, answered if answered is not None else end)
        yield from _bar("child", answered, end)
    session = document.get("session")
    if session:
        accepted, last = _at(session.get("accepted")), _at(session.get("last"))
        yield from _bar("ai", accepted if accepted is not None else _at(session.get("first")), last)
        yield from _bar("unseen", last, end)
    for recording in document.get("recordings") or ():
        for start, stop in recording.get("caller") or ():
            yield from _bar("speech", start, stop)
    for gap in document.get("gaps") or ():
        yield from _bar("gap", gap["start_s"], gap["end_s"])


def described(document: Document) -> str:
    """The strip in words."""
    parts = []
    if (length := document.get("child_duration_s")) is not None:
        parts.append(f"child leg {length:.0f} s")
    if (silence := document.get("ai_silence_before_end_s")) is not None:
        parts.append(f"last AI event {silence:.1f} s before its end")
    if (speech := document.get("caller_speech_s")) is not None:
        parts.append(f"caller speech {speech:.1f} s")
    if gap := document.get("untranscribed_caller_speech_s"):
        parts.append(f"of it {gap:.1f} s without a transcript")
    return ", ".join(parts) or "no child leg"


def _at(moment: Moment | None) -> float | None:
    return moment["at_s"] if moment else None


def _other(document: Document, other: ConversationPart) -> Iterator[Bar]:
    """A conversation that did not decide: its leg and its session."""
    leg = next((leg for leg in document["legs"] if leg["sid"] == other["child_call_sid"]), None)
    if leg:
        yield from _bar("child", _at(leg["answered"]), _at(leg["ended"]))
    if session := other["session"]:
        yield from _bar("ai", _at(session["first"]), _at(session["last"]))


def _bar(kind: str, start: float | None, end: float | None) -> Iterator[Bar]:
    if start is not None and end is not None and end > start:
        yield Bar(kind, max(0.0, start), end)


def _rects(drawn: list[Bar], scale: float) -> Iterator[tuple[str, float, float, float, float]]:
    for bar in drawn:
        y, height = LANES[bar.kind]
        width = max(LEAST, (bar.end - bar.start) * scale)
        yield bar.kind, round(min(bar.start * scale, WIDTH - width), 1), y, round(width, 1), height
