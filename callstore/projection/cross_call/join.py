"""What calls show together, added to their documents as they are read. It decides nothing in them."""

import orjson

from callstore.report.document import Document

# Under names of its own, so that a reader's condition still speaks of `call` alone.
JOIN = """call LEFT JOIN (
  SELECT call_id AS neighbour_id, findings::text AS found_across, incidents::text AS overlapping
  FROM neighbour WHERE findings <> '[]' OR incidents <> '[]'
) AS beside ON neighbour_id = call_id"""
COLUMNS = "document::text, found_across, overlapping"


def with_cross_findings(document: str, found: str | None, incidents: str | None) -> Document:
    """A document from COLUMNS: its own findings, then those across calls (they have `calls`)."""
    call: Document = orjson.loads(document)
    if found is not None:
        call["findings"] = [*(call.get("findings") or ()), *orjson.loads(found)]
        call["incidents"] = orjson.loads(incidents or "[]")
    return call
