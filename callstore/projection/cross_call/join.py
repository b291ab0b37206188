"""What calls show together, and what people decided, added to documents as they are read."""

import orjson

from callstore.projection.outline import OTHERS
from callstore.report.document import Document

# Under names of its own, so that a reader's condition still speaks of `call` alone.
JOIN = """call LEFT JOIN (
  SELECT call_id AS neighbour_id, findings::text AS found_across, incidents::text AS overlapping
  FROM neighbour WHERE findings <> '[]' OR incidents <> '[]'
) AS beside ON neighbour_id = call_id"""
DECIDED = ("flags", "review_state", "tags", "assignee", "reviewer", "agreed", "disagreed")
BESIDE = (
    "found_across, overlapping,"
    " CASE WHEN review_version > 0 OR flags @> ARRAY['exported'] THEN jsonb_build_object("
    + ", ".join(f"'{name}', {name}" for name in DECIDED)
    + ")::text END AS decided"
)
COLUMNS = f"document::text, {BESIDE}"
# Cut anew where a row has none yet, or a process that knew of none has written its document since.
OUTLINES = (
    "CASE WHEN outline_version = version THEN outline"
    f" ELSE (document - '{{{','.join(OTHERS)}}}'::text[])::text END, {BESIDE}"
)
UNDECIDED = orjson.dumps(
    {"review_state": "new", "tags": [], "assignee": None, "reviewer": None, "agreed": 0, "disagreed": 0}
)


def with_cross_findings(
    document: str, found: str | None, incidents: str | None, decided: str | None
) -> Document:
    """A document from COLUMNS or OUTLINES, with findings across calls (they have `calls`) and what people
    decided."""
    call: Document = orjson.loads(document)
    call.update(orjson.loads(decided or UNDECIDED))
    if found is not None:
        call["findings"] = [*(call.get("findings") or ()), *orjson.loads(found)]
        call["incidents"] = orjson.loads(incidents or "[]")
    return call
