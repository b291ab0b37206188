"""Template filters for times on a call's axis."""

from django import template

from callstore.report.clock_text import day, offset
from dashboard.call.lanes.mark import Mark

register = template.Library()


register.filter(offset)
register.filter(day)


@register.filter
def length_s(mark: Mark) -> str:
    """How long a mark lasts, in seconds; nothing for a moment."""
    return "" if mark["end_s"] is None else f"{mark['end_s'] - mark['start_s']:.1f} s"


@register.filter
def in_seconds(milliseconds: int) -> str:
    """Milliseconds as seconds."""
    return f"{milliseconds / 1000:.1f}"


@register.filter
def plain(id_: str) -> str:
    """A subject such as twilio:CA… without its provider."""
    return id_.partition(":")[2] or id_
