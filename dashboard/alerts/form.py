"""The form of an alert: what stands in its fields, and the terms that they say."""

from collections.abc import Mapping
from typing import NamedTuple

from django.http import QueryDict

from callstore.alerts import targets
from callstore.alerts.terms import TermError, Terms
from callstore.alerts.wording import duration
from callstore.health.sources import sources

WINDOWS = (300, 900, 1800, 3600, 6 * 3600, 24 * 3600)
QUIETS = (0, 900, 3600, 4 * 3600, 24 * 3600)


class Choice(NamedTuple):
    """One of several: its value, its words, and whether it is chosen."""

    value: str
    words: str
    chosen: bool


class Form(NamedTuple):
    """The fields as text, ready to be printed, and the error of one of them."""

    fields: Mapping[str, str]
    windows: list[Choice]
    quiets: list[Choice]
    offered: list[Choice]
    sources: list[Choice]
    enabled: bool
    wrong: TermError | None = None


def of_terms(terms: Terms, wrong: TermError | None = None) -> Form:
    """The form with the terms of an alert in it."""
    share = terms.kind == "share"
    offered = targets.offered()
    masked = {each.masked for each in offered}
    return Form(
        {
            "name": terms.name,
            "q": terms.q,
            "kind": terms.kind,
            "count": "" if terms.kind != "count" else f"{terms.threshold:g}",
            "percent": f"{terms.threshold * 100:g}" if share else "",
            "least": str(terms.least),
            "targets": "\n".join(each for each in terms.targets if each not in masked),
        },
        _durations(WINDOWS, terms.window_s),
        _durations(QUIETS, terms.quiet_s),
        [Choice(each.masked, each.service, each.masked in terms.targets) for each in offered],
        [Choice("", "any source", not terms.source)]
        + [Choice(each.source, each.name, each.source == terms.source) for each in sources()],
        terms.enabled,
        wrong,
    )


def terms(sent: QueryDict) -> Terms:
    """The terms that a sent form says. Raises TermError for a number that is none."""
    kind = sent.get("kind", "count")
    if kind == "share":
        threshold = _number(sent, "percent") / 100
    else:
        threshold = _number(sent, "count") if kind == "count" else 1
    return Terms(
        name=sent.get("name", ""),
        q=sent.get("q", "").strip(),
        source=sent.get("source", "") if kind == "silence" else "",
        kind=kind,
        threshold=threshold,
        least=int(_number(sent, "least", 20)),
        window_s=int(_number(sent, "window_s", 900)),
        quiet_s=int(_number(sent, "quiet_s", 3600)),
        targets=[line.strip() for line in sent.get("targets", "").splitlines() if line.strip()]
        + sent.getlist("offered"),
        enabled=sent.get("enabled") == "on",
    )


def _number(sent: QueryDict, name: str, otherwise: float | None = None) -> float:
    text = sent.get(name, "").strip()
    if not text and otherwise is not None:
        return otherwise
    try:
        number = float(text)
    except ValueError:
        raise TermError("threshold" if name in ("count", "percent") else name, "a number.") from None
    if not -1e12 < number < 1e12:  # nor what is no number, nor for ever
        raise TermError(name, "a number.")
    return number


def _durations(known: tuple[int, ...], chosen: int) -> list[Choice]:
    seconds = sorted({*known, chosen})
    return [Choice(str(each), duration(each), each == chosen) for each in seconds]
