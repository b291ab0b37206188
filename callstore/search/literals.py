"""Numbers, durations and times as a person writes them, read as intervals of what they may mean."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from callstore.search.tree import Literal

Measure: TypeAlias = float | int | datetime

UNIT_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0, "w": 604_800.0}
DURATION = re.compile(r"(?:\d{1,12}(?:\.\d{1,9})?(?:ms|[smhdw]))+|\d{1,12}(?:\.\d{1,9})?")
PART = re.compile(r"(\d+)(?:\.(\d+))?(ms|[smhdw])?")
# Two centuries in seconds: beyond any call, and far inside what Postgres and Python can hold.
MAX_S = 6_311_520_000
MAX_DIGITS = 9  # fits a Postgres integer
SIP_CLASS = re.compile(r"[1-6][xX]{2}")
TIME = re.compile(
    r"\d{4}-\d\d-\d\d(?:[Tt](?P<minute>\d\d:\d\d)(?::\d\d(?P<fraction>\.\d{1,6})?)?(?:[Zz]|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`; `closed` says that `high` itself belongs to it."""

    low: Measure
    high: Measure
    closed: bool


def number(literal: Literal, now: datetime, exact: bool) -> Interval:
    """A whole number, or a class of SIP codes such as 4xx. Raises ValueError with what is wanted."""
    text = literal.text
    if SIP_CLASS.fullmatch(text):
        return Interval(int(text[0]) * 100, int(text[0]) * 100 + 99, True)
    if not (text.isascii() and text.isdigit()) or len(text) > MAX_DIGITS:
        raise ValueError("a whole number such as 200, or a class such as 4xx")
    return Interval(int(text), int(text), True)


def duration(literal: Literal, now: datetime, exact: bool) -> Interval:
    """Seconds. `exact` for comparisons; else whatever is shown as this number: 11.1s is [11.05, 11.15)."""
    total, digit = _seconds(literal.text)
    if exact:
        return Interval(total, total, True)
    return Interval(total - digit / 2, total + digit / 2, False)


def time(literal: Literal, now: datetime, exact: bool) -> Interval:
    """UTC: the whole day, minute or second where no more was written; or `now`, or -24h before it."""
    text = literal.text
    if text.lower() == "now":
        return Interval(now, now, True)
    try:
        if text.startswith("-"):
            then = now - timedelta(seconds=_seconds(text[1:])[0])
            return Interval(then, then, True)
        found = TIME.fullmatch(text)
        if not found:
            raise ValueError
        start = datetime.fromisoformat(text.upper())
        start = start.astimezone(UTC) if start.tzinfo else start.replace(tzinfo=UTC)
        return Interval(start, start + _precision(text, found), False)
    except (ValueError, OverflowError):
        raise ValueError("a time such as 2026-04-13, 2026-04-13T00:18Z, -24h or now") from None


def is_relative(literal: Literal) -> bool:
    return literal.text.startswith("-") or literal.text.lower() == "now"


def _seconds(text: str) -> tuple[float, float]:
    """Seconds, and the width of the last digit that was written (at most one second)."""
    if not text.isascii() or not DURATION.fullmatch(text):
        raise ValueError("a duration such as 250ms, 20s, 1m30s or 2h")
    total, digit = 0.0, 1.0
    for whole, fraction, unit in PART.findall(text):
        total += float(f"{whole}.{fraction or 0}") * UNIT_S[unit or "s"]
        digit = min(1.0, UNIT_S[unit or "s"] / 10 ** len(fraction))
    if total > MAX_S:
        raise ValueError("a duration of less than two centuries")
    return total, digit


def _precision(text: str, found: re.Match[str]) -> timedelta:
    if found["minute"] is None:
        return timedelta(days=1)
    if found["fraction"]:
        return timedelta(seconds=10.0 ** (1 - len(found["fraction"])))
    return (
        timedelta(seconds=1) if text.count(":", 0, 19) == 2 and text[16:17] == ":" else timedelta(minutes=1)
    )
