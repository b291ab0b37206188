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
from dashboard.access.asked_for import call_or_404
from dashboard.call.axis.axis_card import axis_card
from dashboard.call.history import history_steps
from dashboard.call.language import known_language
from dashboard.call.related import related_calls
from dashboard.call.running import facts_while_running, is_running, while_running
from dashboard.call.stances import check_rows, summed
from dashboard.call.tables.rows import tables
from dashboard.call.timeline import Timeline, timeline
from dashboard.export.incident import redacted

# So many marks are read within the page; more of them are asked for beside it, while Plotly loads.
MARKS_WITHIN = 1_000
PARTS = {name: f"dashboard/call/{name}.html" for name in ("marks", "transcript")}


def call(request: HttpRequest, id: str) -> HttpResponse:
    """One call by our id, any of its Twilio call SIDs or its AI call id; `?t=` sets the playhead.

    With `part=marks` or `part=transcript` that part of it alone.
    """
    position = journal.position()
    document = call_or_404(id)
    known = _asked_for(request.GET.get("asof"), document)
    document = known.call if known else document
    axis, running = timeline(document), is_running(document) and known is None
    document = while_running(document)
    at = _requested_second(request.GET.get("t"), axis)
    told = known_language(document.get("languages") or ())
    shown = {"call": document, **tables(axis, request.GET, at, told)._asdict()}
    if part := PARTS.get(request.GET.get("part", "")):
        return render(request, part, shown)
    actor, gap = document.get("ended_first_by"), document.get("gap_kind")
    checks = check_rows(document)
    return render(
        request,
        "dashboard/call/page.html",
        {
            **shown,
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
            "timeline": _read_by_scripts(axis),
            **axis_card(document, axis, request.GET),
            "summary": _summary(document, axis),
            "at": at,
            "permalink": request.build_absolute_uri(reverse("call", args=[document["call_id"]])),
            "related": related_calls(document),
        },
    )


def history(request: HttpRequest, id: str) -> HttpResponse:
    """What was known of a call when: a page, or with `?part=` what the call's own page shows of it."""
    document = call_or_404(id)
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


def _read_by_scripts(axis: Timeline) -> dict[str, object]:
    """The timeline as the page carries it: without marks where they are many."""
    return {**axis, "marks": None} if len(axis["marks"]) > MARKS_WITHIN else {**axis}


def _summary(document: Report, axis: Timeline) -> str:
    """What the figure shows, for who does not see it; the table of marks holds the rest."""
    empty = [lane["name"] for lane in axis["lanes"] if lane["reason"]]
    missing = f" Nothing on: {', '.join(empty)}." if empty else ""
    return (
        f"Timeline of the call over {axis['call_end_s']:.0f} seconds in {len(axis['lanes'])} lanes. "
        f"{wording.headline(document)}.{missing} The table of marks below has the same content."
    )
