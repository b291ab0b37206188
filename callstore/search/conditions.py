"""What `key:value` means in SQL: one function for each kind of key, in the table at the end."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, TypeAlias

from callstore.domain.facts import ids
from callstore.search import literals
from callstore.search.errors import QueryError
from callstore.search.keys import SOURCES, Key
from callstore.search.patterns import like
from callstore.search.tree import Anything, Compared, Filter, Literal, OneOf, Range, write_literal
from callstore.search.values import chosen, plain

# What answering-machine detection said of any leg; the first part is that of an index of such calls alone.
ANSWERED = """document @? '$.legs[*].answered_by ? (@ != null)'
    AND EXISTS (SELECT FROM jsonb_path_query(document, '$.legs[*].answered_by') AS told (word)
    WHERE word #>> '{}' ILIKE %s)"""
# One look-up in the index of ids, whatever else is asked. Known before rows are read, its answer is never
# mistaken for something that many of the newest calls fulfil, and NOT costs no more.
KNOWN = "call_id = ANY(ARRAY(SELECT call_id FROM call AS known WHERE known.ids && %s::text[]))"

SIGNS = {
    # (interval closed at its end?) → what the column is compared with
    ">": {True: ">", False: ">="},
    "<=": {True: "<=", False: "<"},
}


class Where(NamedTuple):
    """An SQL condition and its parameters."""

    sql: str
    params: list[object]


Condition: TypeAlias = Callable[[str, Key, Filter, datetime], Where]
Reader: TypeAlias = Callable[[Literal, datetime, bool], literals.Interval]


def joined(word: str, parts: list[Where]) -> Where:
    """Several conditions as one, by AND or OR."""
    if len(parts) == 1:
        return parts[0]
    return Where(f" {word} ".join(f"({sql})" for sql, _ in parts), [p for _, params in parts for p in params])


def known(ids_: list[str]) -> Where:
    """The calls in which one of these whole ids stands: of any leg, recording or session, or our own."""
    return Where(KNOWN, [ids_])


def flag(name: str, key: Key, term: Filter, now: datetime) -> Where:
    words = chosen(name, key, term)
    # One flag is asked for by @>, which the partial index of the founding filter is written with.
    return Where(f"{key.columns[0]} {'@>' if len(words) == 1 else '&&'} %s::text[]", [words])


def source(name: str, key: Key, term: Filter, now: datetime) -> Where:
    parts = [Where(SOURCES[word], []) for word in chosen(name, key, term)]
    if name == "no":
        return joined("OR", [Where(f"NOT ({sql})", params) for sql, params in parts])
    return joined("OR", parts)


def choice(name: str, key: Key, term: Filter, now: datetime) -> Where:
    if isinstance(term.value, Anything):
        return _is_known(key)
    words = chosen(name, key, term)
    if len(words) == 1:
        return Where(f"{key.columns[0]} = %s", [words[0]])
    return Where(f"{key.columns[0]} = ANY(%s)", [words])


def machine(name: str, key: Key, term: Filter, now: datetime) -> Where:
    if isinstance(term.value, Anything):
        return Where(ANSWERED, ["%"])
    return joined("OR", [Where(ANSWERED, [like(each)]) for each in plain(name, term)])


def entry(name: str, key: Key, term: Filter, now: datetime) -> Where:
    """An entry of a list; a whole one, as it is written or in lower case, is looked up in an index."""
    column = key.columns[0]
    if isinstance(term.value, Anything):
        return Where(f"cardinality({column}) > 0", [])
    if any("*" in each.text for each in plain(name, term)):
        one = f"EXISTS (SELECT FROM unnest({column}) AS entry WHERE entry ILIKE %s)"
        return joined("OR", [Where(one, [like(each)]) for each in plain(name, term)])
    words = dict.fromkeys(word for each in plain(name, term) for word in (each.text, each.text.lower()))
    return Where(f"{column} && %s::text[]", [list(words)])


def label(name: str, key: Key, term: Filter, now: datetime) -> Where:
    if isinstance(term.value, Anything):
        return _is_known(key)
    return joined("OR", [_labelled(each, key) for each in plain(name, term)])


def _labelled(literal: Literal, key: Key) -> Where:
    written = joined("OR", [Where(f"{column} ILIKE %s", [like(literal)]) for column in key.columns])
    id_ = ids.whole(literal.text)
    return joined("AND", [known([id_]), written]) if id_ else written


def measured(read: Reader) -> Condition:
    """The condition of a key whose values have an order: `read` makes an interval of a literal."""

    def condition(name: str, key: Key, term: Filter, now: datetime) -> Where:
        column = key.columns[0]

        def interval(literal: Literal, exact: bool) -> literals.Interval:
            try:
                return read(literal, now, exact)
            except ValueError as wanted:
                shown = write_literal(literal) or "nothing"
                place = literal.place if literal.text else term.value_place
                raise QueryError(f"{name}: takes {wanted}, not {shown}.", *place) from None

        def equal(literal: Literal) -> Where:
            if key.kind == "time" and literals.is_relative(literal):
                return compared(Compared(">=", literal))
            meant = interval(literal, exact=False)
            if meant.low == meant.high:
                return Where(f"{column} = %s", [meant.low])
            sign = SIGNS["<="][meant.closed]
            return Where(f"{column} >= %s AND {column} {sign} %s", [meant.low, meant.high])

        def compared(value: Compared) -> Where:
            meant = interval(value.literal, exact=True)
            edge = meant.high if value.sign in SIGNS else meant.low
            sign = SIGNS[value.sign][meant.closed] if value.sign in SIGNS else value.sign
            return Where(f"{column} {sign} %s", [edge])

        def between(value: Range) -> Where:
            low, high = interval(value.low, exact=True), interval(value.high, exact=True)
            if low.low > high.high:  # type: ignore[operator]  # both were read by the same function
                turned = f"{write_literal(value.high)}..{write_literal(value.low)}"
                raise QueryError(f"The range runs backwards: write {turned}.", *term.value_place, turned)
            return joined("AND", [compared(Compared(">=", value.low)), compared(Compared("<=", value.high))])

        match term.value:
            case Anything():
                return _is_known(key)
            case Literal() as one:
                return equal(one)
            case OneOf(several):
                return joined("OR", [equal(each) for each in several])
            case Compared() as value:
                return compared(value)
            case Range() as value:
                return between(value)

    return condition


def _is_known(key: Key) -> Where:
    return joined("OR", [Where(f"{column} IS NOT NULL", []) for column in key.columns])


# Of words that were said `spoken` tells, of what is told of calls together `across`.
CONDITIONS: dict[str, Condition] = {
    "flag": flag,
    "source": source,
    "choice": choice,
    "number": measured(literals.number),
    "duration": measured(literals.duration),
    "time": measured(literals.time),
    "code": entry,
    "entry": entry,
    "name": label,
    "machine": machine,
}
