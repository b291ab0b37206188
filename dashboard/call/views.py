"""The page of one call."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from callstore.projection import queries
from callstore.projection.changes import journal
from callstore.projection.queries import AsOf
from callstore.report import wording
from callstore.report.document import Document, Report
from callstore.report.history import TooLong
from callstore.report.panel.facts import facts
from callstore.report.talking.numbers import conversation_facts
from dashboard.call.axis.axis_card import axis_card
from dashboard.call.history import history_steps
from dashboard.call.lanes.mark import Mark
from dashboard.call.language import common_language, known_language, language
from dashboard.call.related import related_calls
from dashboard.call.running import facts_while_running, is_running, while_running
from dashboard.call.stances import check_rows, summed
from dashboard.call.timeline import Timeline, timeline
from dashboard.export.incident import redacted

# What main.js imports, so that the browser need not find out one by one.
MODULES = [
    f"dashboard/call/{name}.js"
    for name in (
        "address", "arrows", "axis", "colours", "copy", "cursor", "describe", "events", "figure", "history",
        "inspector", "keys", "labels", "lanes", "minimap", "parts", "player", "playhead", "plot", "selection",
        "sorting", "time", "transcript", "waves",
    )
]  # fmt: skip
SPEAKERS = {"agent_text": "Agent", "caller_text": "Caller", "twilio_text": "Twilio heard"}


class MarkRow(Mark):
    """A mark in a table: its lane's name, whether the playhead stands there, the language of its words."""

    name: str
    current: bool
    lang: str | None


class TranscriptRow(MarkRow):
    """A mark of the transcript; of a gap `lost` says what became of it, and `note` the rest."""

    lost: str
    note: str


def call(request: HttpRequest, id: str) -> HttpResponse:
    """One call by our id, any of its Twilio call SIDs or its AI call id; `?t=` sets the playhead."""
    position = journal.position()
    document = queries.find(id)
    if document is None:
        raise Http404("No call has this id.")
    known = _asked_for(request.GET.get("asof"), document)
    document = known.call if known else document
    axis, running = timeline(document), is_running(document) and known is None
    document = while_running(document)
    at = _requested_second(request.GET.get("t"), axis)
    names = {lane["id"]: lane["name"] for lane in axis["lanes"]}
    marks = sorted(axis["marks"], key=lambda mark: mark["start_s"])
    actor, gap = document.get("ended_first_by"), document.get("gap_kind")
    checks, told = check_rows(document), known_language(document.get("languages") or ())
    transcript = [mark for mark in marks if mark["lane"] in SPEAKERS]
    return render(
        request,
        "dashboard/call/page.html",
        {
            "call": document,
            "headline": wording.headline(document),
            "sentence": wording.sentence(document),
            # Who ended first is a chip of its own.
            "facts": [*facts_while_running(document, facts(document)[:-1]), *conversation_facts(document)],
            "ends": {"from": redacted(document.get("from")), "to": redacted(document.get("to"))},
            "running": running,
            "known": known,
            "position": position if running else None,
            "beside": list(wording.other_findings(document)),
            "others": list(wording.other_conversations(document)),
            "checks": checks,
            "summed": summed(checks),
            "ended_first": wording.ENDED_FIRST.get(actor) if actor else None,
            "gap": wording.GAPS.get(gap) if gap else None,
            "axis": axis,
            **axis_card(document, axis, request.GET),
            "transcript": _transcript_rows(_rows(transcript, at, SPEAKERS, told)),
            "marks": _rows(marks, at, names, told),
            "summary": _summary(document, axis),
            "at": at,
            "permalink": request.build_absolute_uri(reverse("call", args=[document["call_id"]])),
            "modules": MODULES,
            "related": related_calls(document),
        },
    )


def history(request: HttpRequest, id: str) -> HttpResponse:
    """What was known of a call when: a page, or with `?part=` what the call's own page shows of it."""
    document = queries.find(id)
    if document is None:
        raise Http404("No call has this id.")
    part = "part" in request.GET
    shown: dict[str, object] = {"call": document}
    try:
        known = queries.history(document["call_id"])
        shown |= {**known._asdict(), "steps": list(history_steps(known.steps, document))}
    except TooLong as error:
        shown["wrong"] = str(error)
    return render(
        request, "dashboard/call/history_steps.html" if part else "dashboard/call/history.html", shown
    )


def _asked_for(text: str | None, document: Document) -> AsOf | None:
    """The call as `asof` asks for it. Raises Http404 where it has no such event or was too long to fold."""
    if not text:
        return None
    try:
        known = queries.as_of(document, int(text)) if text.isdecimal() and len(text) < 19 else None
    except TooLong as error:
        raise Http404(str(error)) from None
    if known is None:
        raise Http404("The call has no event of this position.")
    return known


def _requested_second(text: str | None, axis: Timeline) -> float | None:
    """The second that the link asks for, kept inside the axis; None for nothing or nonsense."""
    try:
        at = float(text or "")
    except ValueError:
        return None
    # A NaN compares as neither, and is no place on an axis.
    return min(max(at, axis["start_s"]), axis["end_s"]) if at == at else None


def _rows(marks: list[Mark], at: float | None, names: dict[str, str], told: str | None) -> list[MarkRow]:
    """Marks as rows; the last one that began by the asked second is the current one, without any script."""
    begun = [mark["id"] for mark in marks if at is not None and mark["start_s"] <= at]
    spoken = common_language(mark["label"] for mark in marks if mark["lane"] in SPEAKERS)
    return [
        {
            **mark,
            "name": names[mark["lane"]],
            "current": bool(begun) and mark["id"] == begun[-1],
            "lang": language(mark["label"], spoken) or told if mark["lane"] in SPEAKERS else None,
        }
        for mark in marks
    ]


def _transcript_rows(rows: list[MarkRow]) -> list[TranscriptRow]:
    """Rows of the transcript; the detail of a gap begins with what became of what was said in it."""
    parts = [(row, (row["detail"] or "").partition(" · ")) for row in rows]
    return [{**row, "lost": lost, "note": note} for row, (lost, _, note) in parts]


def _summary(document: Report, axis: Timeline) -> str:
    """What the figure shows, for who does not see it; the table of marks holds the rest."""
    empty = [lane["name"] for lane in axis["lanes"] if lane["reason"]]
    missing = f" Nothing on: {', '.join(empty)}." if empty else ""
    return (
        f"Timeline of the call over {axis['call_end_s']:.0f} seconds in {len(axis['lanes'])} lanes. "
        f"{wording.headline(document)}.{missing} The table of marks below has the same content."
    )
