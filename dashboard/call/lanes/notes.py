"""Notes that people wrote of moments of the call."""

from collections.abc import Iterator

from callstore.report.document import Report
from dashboard.call.lanes.mark import Mark, mark, middle, placed


def notes(document: Report, horizon: float) -> Iterator[Mark]:
    """Each at the moment that it is about; one about the whole call lies on no axis."""
    for note in filter(placed, document.get("notes") or ()):
        yield mark(
            "notes", "moment", note["text"] or "erased note", middle(note),
            role="app", detail=f"note by {note['by']}", positions=note["positions"],
        )  # fmt: skip
