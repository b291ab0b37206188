"""Template tags for what looks the same on every page: icons, verdict chips, confidence dots."""

from collections.abc import Iterable

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from callstore.domain.facts.vocabulary import CONFIDENCES, Confidence, VerdictWord
from dashboard.call.mobile_strip import Rect
from dashboard.calls.cells.values import Value
from dashboard.calls.cells.verdicts import UNJUDGED, VERDICTS
from dashboard.calls.list_url import Address
from dashboard.calls.query import Query

register = template.Library()


UNKNOWN = mark_safe('<span class="unknown">–</span>')
LEVELS = CONFIDENCES[::-1]


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite, for the eye only: the word stands beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("dashboard/icons.svg"),
        name,
    )


@register.simple_tag
def rectangles(rects: Iterable[Rect]) -> SafeString:
    """A strip's rectangles. A long call has 800, which in a template are a sixth of its page's time."""
    return format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
        ((look, f"{x:.2f}", f"{y:.1f}", f"{width:.2f}", height) for look, x, y, width, height in rects),
    )


@register.simple_tag
def dots(confidence: Confidence | None) -> SafeString:
    """Low, medium or high confidence as one, two or three filled dots with their word as the title."""
    if confidence not in LEVELS:
        return mark_safe("")
    filled = LEVELS.index(confidence)
    circles = format_html_join(
        "",
        '<circle cx="{}" cy="4" r="2.4" class="{}"/>',
        ((3 + 7 * at, "on" if at <= filled else "off") for at in range(len(LEVELS))),
    )
    return format_html(
        '<svg class="dots" viewBox="0 0 20 8" role="img" aria-label="{0} confidence">'
        "<title>{0} confidence</title>{1}</svg>",
        confidence,
        circles,
    )


@register.simple_tag
def verdict_chip(verdict: VerdictWord | None, confidence: Confidence | None = None) -> SafeString:
    """A verdict as icon, word and confidence."""
    look = VERDICTS.get(verdict, UNJUDGED) if verdict else UNJUDGED
    return format_html(
        '<span class="chip tone-{}">{}{}{}</span>',
        look.tone,
        icon(look.icon),
        look.word,
        dots(None if verdict == "live" else confidence),  # of an end that has not been nobody can be sure
    )


@register.simple_tag
def add(address: Address, query: Query, term: str) -> str:
    """The list's URL with one more term in its query."""
    return address.asking(query.with_term(term)).url


@register.simple_tag
def cell(address: Address, query: Query, value: Value | None) -> SafeString:
    """A value of a row: a link that adds its filter where it has one, a dash where nothing is known."""
    if value is None:
        return UNKNOWN
    if not value.term:
        return format_html('<span title="{}">{}</span>', value.about, value.text)
    url = add(address, query, value.term)
    return format_html(
        '<a class="add {}" href="{}" data-term="{}">{}</a>', value.tone, url, value.term, value.text
    )


@register.simple_tag
def at_page(address: Address, cursor: str) -> str:
    """The URL of another page of the same list."""
    return address.at(cursor).url
