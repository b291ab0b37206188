"""Where caller and AI met: on their legs' lanes the conference, in place of the AI's leg a media stream."""

from collections.abc import Iterator

from callstore.domain.facts.vocabulary import LegRole
from callstore.report.document import Report
from callstore.report.document_parts import LegPart
from callstore.report.topology.parts import StreamPart
from dashboard.call.lanes.mark import Mark, mark, middle, placed, uncertainty


def in_conference(document: Report, leg: LegPart, role: LegRole) -> Iterator[Mark]:
    """When a leg joined a conference and left it, and Twilio's word why."""
    for conference in document.get("conferences") or ():
        for one in conference["participants"]:
            if one["leg"] != leg["sid"]:
                continue
            if placed(one["joined"]):
                yield mark(
                    role, "moment", "joined the conference", middle(one["joined"]), role=role,
                    detail=conference["sid"], uncertainty_s=uncertainty(one["joined"]),
                    positions=[one["joined"]["position"]],
                )  # fmt: skip
            if placed(one["left"]):
                yield mark(
                    role, "moment", "left the conference", middle(one["left"]), role=role,
                    detail=(one["reason"] or "Twilio gave no reason").replace("_", " "),
                    uncertainty_s=uncertainty(one["left"]), positions=[one["left"]["position"]],
                )  # fmt: skip


def conferences(document: Report, horizon: float) -> Iterator[Mark]:
    """Each conference from its start to its end, with Twilio's word why it ended."""
    for conference in document.get("conferences") or ():
        start, end = conference["started"], conference["ended"]
        if not placed(start):
            continue
        over = placed(end)
        until = middle(end) if placed(end) else horizon
        yield mark(
            "conference", "state", "conference", middle(start), max(until, middle(start)),
            role="parent", style="solid" if over else "hatch",
            detail=" · ".join(
                filter(None, (conference["sid"], (conference["reason"] or "").replace("-", " ")))
            )
            if over else "its end has not been seen",
            uncertainty_s=uncertainty(start), positions=[start["position"]],
        )  # fmt: skip


def streams(document: Report, horizon: float, lane: str = "child") -> Iterator[Mark]:
    """Each stream from its start to its stop, or to the error that ended it."""
    for stream in document.get("streams") or ():
        yield from _stream(stream, horizon, lane)


def streams_beside_a_leg(document: Report, horizon: float) -> Iterator[Mark]:
    """The streams of a call that has a leg to the AI too: they have a lane of their own."""
    if document.get("child_call_sid"):
        yield from streams(document, horizon, "stream")


def _stream(stream: StreamPart, horizon: float, lane: str) -> Iterator[Mark]:
    start, stop = stream["started"], stream["stopped"] or stream["failed"]
    if placed(start):
        until = middle(stop) if placed(stop) else horizon
        yield mark(
            lane, "state", "media stream", middle(start), max(until, middle(start)), role="child",
            style="solid" if placed(stop) else "hatch",
            detail=stream["sid"] if placed(stop) else "its end has not been seen",
            uncertainty_s=uncertainty(start), positions=[start["position"]],
        )  # fmt: skip
    if placed(stream["failed"]):
        failed = stream["failed"]
        label = f"stream error {stream['error_code'] or ''}".strip()
        yield mark(
            lane, "end", label, middle(failed), role="error",
            detail=stream["sid"], uncertainty_s=uncertainty(failed), suspicious=True,
            positions=[failed["position"]],
        )  # fmt: skip
    elif placed(stream["stopped"]):
        stopped = stream["stopped"]
        yield mark(
            lane, "end", "stream stopped", middle(stopped), role="child", detail=stream["sid"],
            uncertainty_s=uncertainty(stopped), positions=[stopped["position"]],
        )  # fmt: skip
