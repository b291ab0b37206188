"""The review panel as a tag, so that the page of a call need not know what it shows."""

from urllib.parse import quote

from django import template

from callstore.report.document import Document
from callstore.search.tree import Literal, write_literal
from dashboard.review.access import assignees, may_decide
from dashboard.review.looks import STATES
from dashboard.review.panel import panel

register = template.Library()


@register.filter
def tag_query(tag: str) -> str:
    """The query for a tag, as a URL has it."""
    return quote(f"tag:{write_literal(Literal(tag, quoted=True))}")


@register.simple_tag(takes_context=True)
def bulk_offer(context: template.Context) -> dict[str, object]:
    """What may be done with many calls, and by whom."""
    request = context["request"]
    return {
        "may": may_decide(request),
        "people": assignees(),
        "states": STATES,
    }


@register.inclusion_tag("dashboard/review/panel.html", takes_context=True)
def review_panel(context: template.Context, call: Document) -> dict[str, object]:
    """The panel of a call, for who asks."""
    request = context["request"]
    return {
        "review": panel(request, call),
        "call": call,
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }
