"""Which lanes a reader sees, and in which order: `lanes=` of the call's address. Pure."""

from collections.abc import Iterable

from dashboard.call.timeline import Timeline


def filled(timeline: Timeline) -> list[str]:
    """The lanes on which something lies, top to bottom."""
    return [lane["id"] for lane in timeline["lanes"] if lane["reason"] is None]


def chosen(timeline: Timeline, asked: str | None) -> list[str]:
    """The lanes to draw: of the filled ones those that were asked for, in that order.

    All of them where nothing was asked, or nothing that this call has.
    """
    there = filled(timeline)
    wanted = dict.fromkeys(lane for lane in (asked or "").split(",") if lane in there)
    return list(wanted) or there


def hidden(timeline: Timeline, drawn: Iterable[str]) -> list[str]:
    """The filled lanes that are not drawn."""
    drawn = set(drawn)
    return [lane for lane in filled(timeline) if lane not in drawn]
