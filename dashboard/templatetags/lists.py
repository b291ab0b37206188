"""Template tags about the list of calls, for other pages."""

from datetime import UTC, datetime

from django import template
from django.http import HttpRequest

from callstore.report.document import Document
from dashboard.calls.way_back import CARRIED, WayBack, way_back

register = template.Library()


@register.inclusion_tag("dashboard/calls/way_back.html", takes_context=True, name="way_back")
def way_back_of(context: template.Context, call: Document) -> dict[str, WayBack | None]:
    """The way from a call's page back to its list; nothing on a page that was opened from none."""
    request: HttpRequest = context["request"]
    carried = request.GET.get(CARRIED)
    return {"way": None if carried is None else way_back(carried, call["call_id"], datetime.now(UTC))}
