"""What is told of calls beside others, and asked of them: findings across calls, incidents."""

from datetime import datetime

from callstore.search.conditions import Condition, Where, joined
from callstore.search.keys import CROSS_CALL_FINDINGS, Key
from callstore.search.patterns import like
from callstore.search.tree import Anything, Filter
from callstore.search.values import chosen, plain

# Known before rows of calls are read: few calls have neighbours of which something is told.
BESIDE = "call_id = ANY(ARRAY(SELECT call_id FROM neighbour WHERE {}))"
HAS_INCIDENT = BESIDE.format(
    "incidents <> '[]' AND EXISTS (SELECT FROM"
    " jsonb_to_recordset(incidents) AS entry(provider text, title text)"
    " WHERE provider ILIKE %s OR title ILIKE %s)"
)


def finding(name: str, key: Key, term: Filter, now: datetime) -> Where:
    slugs = chosen(name, key, term)
    parts = [Where("findings && %s::text[]", [slugs])]
    if across := [f'@.slug == "{slug}"' for slug in slugs if slug in CROSS_CALL_FINDINGS]:
        told = "findings <> '[]' AND findings @? %s::jsonpath"
        parts.append(Where(BESIDE.format(told), [f"$[*] ? ({' || '.join(across)})"]))
    return joined("OR", parts)


def incident(name: str, key: Key, term: Filter, now: datetime) -> Where:
    if isinstance(term.value, Anything):
        return Where(BESIDE.format("incidents <> '[]'"), [])
    return joined(
        "OR", [Where(HAS_INCIDENT, [like(each), like(each, inside=True)]) for each in plain(name, term)]
    )


ACROSS: dict[str, Condition] = {"finding": finding, "incident": incident}
