"""The words that were looked for, in the row of a call: where they were said first."""

from itertools import pairwise
from typing import NamedTuple

from django import template
from django.urls import reverse

from callstore.search.snippets import SnippetPart
from dashboard.calls.cells.values import clock
from dashboard.calls.listing import Listing
from dashboard.calls.rows import Row

register = template.Library()
SPEAKERS = {"caller": "Caller", "agent": "Agent"}


class Piece(NamedTuple):
    """Some text, and whether it was looked for."""

    text: str
    marked: bool


@register.inclusion_tag("dashboard/calls/said.html")
def said(listing: Listing, row: Row) -> dict[str, object]:
    """What was said of what was looked for, as a link to that moment of the call's page."""
    snippet = listing.said.get(row.call_id)
    if snippet is None:
        return {}
    at_s = snippet["at_s"]
    url = reverse("call", args=[row.call_id])
    return {
        "pieces": pieces(snippet),
        "who": SPEAKERS.get(snippet["speaker"], "Somebody"),
        "at": clock(at_s),
        "url": url if at_s is None else f"{url}?t={max(0.0, at_s):.1f}",
    }


def pieces(snippet: SnippetPart) -> list[Piece]:
    """The snippet cut at its marks."""
    text, marks = snippet["text"], snippet["marks"]
    edges = sorted({0, len(text), *(edge for mark in marks for edge in mark)})
    starts = {low for low, _ in marks}
    return [Piece(text[low:high], low in starts) for low, high in pairwise(edges)]
