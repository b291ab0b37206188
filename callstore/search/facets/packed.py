"""Calls as they are counted: one text, `facets`, for all the values of a call, taken apart into columns."""

from callstore.projection.packed import FACETS
from callstore.search.facets.catalogue import GAPS
from callstore.search.keys import SOURCES

BETWEEN, WITHIN = r"E'\x1f'", r"E'\x1e'"  # fields, and the words of a field
LONGEST = 40  # characters of a name that is packed at all
SETS = ("flags", "findings", "warning_codes", "error_codes")
# Of which no more is packed than that there is something; keys that ask for more are not in KEYS.
PRESENT = ("dtmf", "child_call_sid", "ai_call_id")

_BUCKETS = "(ARRAY[{}])".format(", ".join(f"'{value}'" for value in GAPS))

# What a condition may ask of the packed text alone: these keys, and when a call began and ended.
KEYS = frozenset({
    "verdict", "confidence", "cause", "finding", "ended_by", "gap_kind", "parent_status", "status", "sip",
    "topology", "agent", "version", "model", "region", "edge", "recording", "review", "is", "has", "no",
    "warning", "error",
})  # fmt: skip
TIMES = frozenset({"started", "ended"})


def _column(name: str, at: int) -> str:
    field = f"split_part(facets, {BETWEEN}, {at})"
    if name in SETS:
        return f"string_to_array({field}, {WITHIN}) AS {name}"
    match name:
        case "sip_response_code":
            return f"nullif({field}, '')::integer AS {name}"
        case "ai_close_observed":
            return f"CASE {field} WHEN 'close' THEN true WHEN 'open' THEN false END AS {name}"
        case "untranscribed_caller_speech_s":
            return f"{_BUCKETS}[nullif({field}, '')::integer + 1] AS gap"
        case "review_state":
            return f"coalesce(nullif({field}, ''), 'new') AS {name}"
        case _:
            # Its own collation is by bytes, in which ILIKE knows no case but that of ASCII.
            return f"nullif({field}, '') COLLATE \"default\" AS {name}"


_COLUMNS = ", ".join(_column(name, at) for at, name in enumerate(FACETS, start=1))
_MISSING = ", ".join(f"CASE WHEN NOT ({sql}) THEN '{name}' END" for name, sql in SOURCES.items())


def unpacked(table: str, *more: str) -> str:
    """A statement whose rows are those of a table that has `facets`, taken apart, with `more` of its own."""
    return f"SELECT {', '.join([*more, _COLUMNS])} FROM {table}"


def with_missing(table: str) -> str:
    """The same rows, and in `missing` what was not seen of a call."""
    return f"SELECT *, array_remove(ARRAY[{_MISSING}], NULL) AS missing FROM {table}"
