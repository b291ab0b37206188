"""What the model did: its responses, each with how it ended, and the tools it called."""

from collections.abc import Iterator

from callstore.report.document import Report
from callstore.report.document_parts import ReplyPart, SessionPart
from dashboard.call.lanes.mark import Mark, mark, middle, placed, uncertainty

LANE = "responses"


def responses(document: Report, horizon: float) -> Iterator[Mark]:
    """A stretch for each response of each session, a moment for each tool."""
    for conversation in (*(document.get("other_conversations") or ()), document):
        for reply in conversation.get("replies") or ():
            if reply["start_s"] is not None:
                yield _response(reply, reply["start_s"])
        yield from _tools(conversation.get("session"))


def _response(reply: ReplyPart, start: float) -> Mark:
    whole = reply["status"] in (None, "completed")
    label = "response" if whole else f"response {reply['status']}"
    return mark(
        LANE, "state", label, start, max(reply["end_s"] or 0.0, start),
        role="error" if reply["status"] == "failed" else "ai",
        style="solid" if reply["end_s"] is not None else "hatch",
        detail=" · ".join(filter(None, (reply["reason"], "cut off while playing" if reply["cut"] else None)))
        or None,
        positions=reply["positions"],
    )  # fmt: skip


def _tools(ai: SessionPart | None) -> Iterator[Mark]:
    for tool in filter(placed, ai["tools"] if ai else ()):
        yield mark(
            LANE, "moment", f"{tool['name']}()", middle(tool),
            role="ai", detail="the model called this tool",
            uncertainty_s=uncertainty(tool), positions=[tool["position"]],
        )  # fmt: skip
