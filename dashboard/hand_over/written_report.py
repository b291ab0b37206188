"""What a report says of a call, for templates: the verdict, its evidence, the words, legs and marks. Pure."""

from collections.abc import Mapping
from typing import Any

from callstore.report import wording
from callstore.report.document import Document
from callstore.report.panel.facts import facts
from callstore.report.talking.numbers import conversation_facts
from dashboard.call.stances import check_rows, summed
from dashboard.call.timeline import timeline
from dashboard.calls.cells.verdicts import UNJUDGED, VERDICTS
from dashboard.hand_over.drawing import drawing

SPEAKERS = {"agent_text": "Agent", "caller_text": "Caller", "twilio_text": "Twilio heard"}
MOST_MARKS = 500  # in the table; the page of the call has all


def written_report(document: Document, ends: Mapping[str, str | None]) -> dict[str, Any]:
    """The report of a document; `ends` are who called and who was called, as they may be shown."""
    axis = timeline(document)
    names = {lane["id"]: lane["name"] for lane in axis["lanes"]}
    marks = sorted(axis["marks"], key=lambda mark: mark["start_s"])
    actor, checks = document.get("ended_first_by"), check_rows(document)
    return {
        "call": document,
        "ends": ends,
        "verdict": VERDICTS[verdict].word if (verdict := document.get("verdict")) else UNJUDGED.word,
        "headline": wording.headline(document),
        "sentence": wording.sentence(document),
        "facts": [*facts(document)[:-1], *conversation_facts(document)],
        "ended_first": wording.ENDED_FIRST.get(actor) if actor else None,
        "checks": checks,
        "summed": summed(checks),
        "others": list(wording.other_conversations(document)),
        "beside": list(wording.other_findings(document)),
        "transcript": [
            {**mark, "name": SPEAKERS[mark["lane"]]} for mark in marks if mark["lane"] in SPEAKERS
        ],
        "drawing": drawing(axis),
        "marks": [{**mark, "name": names[mark["lane"]]} for mark in marks if mark["lane"] not in SPEAKERS][
            :MOST_MARKS
        ],
    }
