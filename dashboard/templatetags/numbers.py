"""Template filters for shares, spreads and lengths of time."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from callstore.search.overview.parts import Spread
from callstore.search.overview.shares import SMALL, Difference, Share
from dashboard.compare.comparison import Number
from dashboard.templatetags.look import UNKNOWN

register = template.Library()


@register.filter
def thousands(count: int) -> str:
    """A whole number with a comma between its thousands."""
    return f"{count:,}"


@register.filter
def code_words(text: str) -> SafeString:
    """A text whose `words` in backticks are code, as code."""
    parts = enumerate(text.split("`"))
    shown = (format_html("<code>{}</code>", part) if at % 2 else part for at, part in parts)
    return format_html_join("", "{}", ((each,) for each in shown))


@register.filter
def measure(figure: float, of: Number) -> str:
    """A number of two calls, or their difference, in its unit: `12.65 s`, `65 %`, `1,203`."""
    if of["name"].endswith("_share"):
        return f"{figure * 100:.0f} %"
    figures = f"{figure:,.2f}".rstrip("0").rstrip(".")
    return f"{figures} {of['unit']}".rstrip()


@register.filter
def percent(share: float | None) -> str:
    """A share from 0 to 1 as `12.5 %`."""
    return "–" if share is None else f"{share * 100:.1f} %"


@register.filter
def share(of: Share) -> SafeString:
    """A share with its interval and what it is of; grey, and saying so, where that is few."""
    if of.share is None:
        return UNKNOWN
    return format_html(
        '<span class="share{}"{}><strong>{}</strong> <span class="of">{}–{} · {} of {}</span></span>',
        " small" if of.small else "",
        format_html(' title="Fewer than {}: not ranked"', SMALL) if of.small else "",
        percent(of.share),
        f"{(of.low or 0) * 100:.1f}",
        f"{(of.high or 0) * 100:.1f}",
        f"{of.count:,}",
        f"{of.of:,}",
    )


@register.filter
def points(of: Difference) -> SafeString:
    """A difference of two shares in percentage points, with its interval."""
    if of.difference is None:
        return UNKNOWN
    return format_html(
        '<strong>{}</strong> <span class="of">{} to {}</span>',
        f"{of.difference * 100:+.1f}",
        f"{(of.low or 0) * 100:+.1f}",
        f"{(of.high or 0) * 100:+.1f}",
    )


@register.filter
def span(seconds: float | None) -> str:
    """A length of time as short as it can be said: `0.84 s`, `12.3 s`, `2 min 5 s`, `1 h 3 min`."""
    if seconds is None:
        return "–"
    if seconds < 60:
        return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, left = divmod(minutes, 60)
    return f"{hours} h {left} min" if hours else f"{minutes} min {rest} s"


@register.filter
def minutes(count: int) -> str:
    """Whole minutes as `3 h 25 min`."""
    hours, left = divmod(count, 60)
    return f"{hours} h {left} min" if hours else f"{left} min"


@register.filter
def within(seconds: float) -> str:
    """The upper edge of a class of lateness in words."""
    return f"{seconds:.0f} s" if seconds < 60 else f"{seconds / 60:.0f} min"


@register.filter
def spread(of: Spread, unit: str = "s") -> SafeString:
    """The median, the 95th of a hundred and of how many calls."""
    if not of.n:
        return UNKNOWN
    p50, p95 = (span(each) if unit == "s" else f"{each or 0:.1f}" for each in (of.p50, of.p95))
    small = " small" if of.n < SMALL else ""
    return format_html(
        '<span class="share{}"><strong>{}</strong> <span class="of">p95 {} · n {}</span></span>',
        small,
        p50,
        p95,
        f"{of.n:,}",
    )
