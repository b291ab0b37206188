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


def _column(name: str, field: str) -> str:
    """A column of a field, which is null where nothing is packed."""
    if name in SETS:
        return f"string_to_array(coalesce({field}, ''), {WITHIN}) AS {name}"
    match name:
        case "sip_response_code":
            return f"({field})::integer AS {name}"
        case "ai_close_observed":
            return f"CASE {field} WHEN 'close' THEN true WHEN 'open' THEN false END AS {name}"
        case "untranscribed_caller_speech_s":
            return f"{_BUCKETS}[({field})::integer + 1] AS gap"
        case "review_state":
            return f"coalesce({field}, 'new') AS {name}"
        case _:
            # Its own collation is by bytes, in which ILIKE knows no case but that of ASCII.
            return f'{field} COLLATE "default" AS {name}'


_FIELDS = list(enumerate(FACETS, start=1))
_CUT = ", ".join(_column(name, f"field[{at}]") for at, name in _FIELDS)
_LOOKED_AT = ", ".join(
    _column(name, f"nullif(split_part(facets, {BETWEEN}, {at}), '')") for at, name in _FIELDS
)
_MISSING = ", ".join(f"CASE WHEN NOT ({sql}) THEN '{name}' END" for name, sql in SOURCES.items())


def unpacked(table: str) -> str:
    """A statement of the rows of a table with `facets` and `calls`, by columns; `missing` was not seen."""
    cut = f"SELECT calls, string_to_array(facets, {BETWEEN}, '') AS field FROM {table} OFFSET 0"
    columns = f"SELECT calls, {_CUT} FROM ({cut}) AS cut"
    return f"SELECT *, array_remove(ARRAY[{_MISSING}], NULL) AS missing FROM ({columns}) AS columns"


def looked_at(table: str) -> str:
    """A statement of the rows of a table by columns, of which only those that are asked for cost anything."""
    return f"SELECT started_at, ended_at, facets, {_LOOKED_AT} FROM {table}"
