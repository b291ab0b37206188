"""A window of time as a part of a query, and the relative times of a query made absolute.

A call that ran into the window counts, not only one that began in it.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from callstore.domain.facts.silence import LONGEST_LEG_S
from callstore.search import literals
from callstore.search.errors import QueryError
from callstore.search.keys import KEYS
from callstore.search.tree import And, Compared, Filter, Literal, Not, OneOf, Or, Range, Term, Value

TODAY = "today"
LONGEST = timedelta(seconds=LONGEST_LEG_S)  # whatever began before that is over, however it was set
# No call lies outside, and what is reckoned from a window stays a time that Python and Postgres can hold.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Window(NamedTuple):
    """From `since` to before `until`, aware; None where it is open."""

    since: datetime | None = None
    until: datetime | None = None


def read(since: str, until: str, now: datetime) -> Window:
    """The window that two times of the query language say, or `today` (UTC); "" is open.

    A time is as long as it was written: until 2026-04-13 is to the end of that day. Raises QueryError.
    """
    start = _interval("from", since, now).low if since else None
    end = _interval("to", until, now).high if until else None
    if start and end and start > end:
        raise QueryError(f"The window ends before it begins: from {since} to {until}.", 0, 0)
    return Window(*(moment and min(max(moment, EARLIEST), LATEST) for moment in (start, end)))


def within(term: Term, window: Window) -> Term:
    """The query, and of its calls those that were under way in the window.

    A call whose end is not known counts where it began in the window or still runs.
    """
    since, until = window
    bounds: list[Term] = []
    if since:
        bounds.append(Filter("started", Compared(">=", _written(since - LONGEST))))
    if until:
        bounds.append(Filter("started", Compared("<", _written(until))))
    if since:
        ran_on = [Filter(key, Compared(">=", _written(since))) for key in ("started", "ended")]
        bounds.append(Or((*ran_on, Filter("is", Literal("live")))))
    terms = term.terms if isinstance(term, And) else (term,)
    return And((*terms, *bounds)) if bounds else term


def absolute(term: Term, now: datetime) -> Term:
    """The query with every time that counts from now written as the moment it means at `now`."""
    match term:
        case Filter(key, value) if (known := KEYS.get(key.lower())) and known.kind == "time":
            return replace(term, value=_absolute(value, now))
        case Not(inner):
            return Not(absolute(inner, now))
        case And(terms):
            return And(tuple(absolute(each, now) for each in terms))
        case Or(terms):
            return Or(tuple(absolute(each, now) for each in terms))
        case _:
            return term


def _absolute(value: Value, now: datetime) -> Value:
    match value:
        case Literal() as one if literals.is_relative(one):
            return Range(
                _fixed(one, now), _written(now)
            )  # -24h alone is since then, and now is where it ends
        case Compared(sign, literal):
            return Compared(sign, _fixed(literal, now))
        case Range(low, high):
            return Range(_fixed(low, now), _fixed(high, now))
        case OneOf(several):
            return OneOf(tuple(_fixed(each, now) for each in several))
        case _:
            return value


def _fixed(literal: Literal, now: datetime) -> Literal:
    if not literals.is_relative(literal):
        return literal
    return _written(_interval("started", literal.text, now).low)


class _Meant(NamedTuple):
    low: datetime
    high: datetime


def _interval(name: str, text: str, now: datetime) -> _Meant:
    if text.lower() == TODAY:
        midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return _Meant(midnight, midnight + timedelta(days=1))
    try:
        meant = literals.time(Literal(text), now, False)
    except ValueError as wanted:
        raise QueryError(f"{name} takes {wanted}, not {text}.", 0, 0) from None
    assert isinstance(meant.low, datetime) and isinstance(meant.high, datetime)
    return _Meant(meant.low, meant.high)


def _written(moment: datetime) -> Literal:
    return Literal(moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z")
