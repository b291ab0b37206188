"""The incident export by HTTP: everything that a query finds, streamed."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import TypeAlias

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router

from callstore.projection.slices import slices
from callstore.report.document import Document
from dashboard.api.answers import ERRORS, QueryText, condition_or_422
from dashboard.export import files
from dashboard.export.incident import About

Pieces: TypeAlias = Callable[[Iterable[list[Document]], About], Iterator[str]]

router = Router(tags=["export"])


@router.get("/incidents.csv", response=ERRORS)
def get_incidents_csv(request: HttpRequest, q: QueryText = "") -> StreamingHttpResponse:
    """One row a call, in the fixed columns of incident_csv/1, safe to open in a spreadsheet."""
    return _download(q, files.csv_pieces, "csv", "text/csv; charset=utf-8; header=present")


@router.get("/incidents.jsonl", response=ERRORS)
def get_incidents_jsonl(request: HttpRequest, q: QueryText = "") -> StreamingHttpResponse:
    """The same fields, a JSON object a line, as they are."""
    return _download(q, files.json_pieces, "jsonl", "application/jsonl; charset=utf-8")


def _download(q: str, written: Pieces, kind: str, media: str) -> StreamingHttpResponse:
    about = About(q, datetime.now(UTC))
    found = slices(condition_or_422(q))
    # The first is read before anything is sent: what is wrong with a query is still an answer then.
    pieces = written(chain([next(found)], found), about)
    answer = StreamingHttpResponse(pieces, content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="incidents-{about.at:%Y%m%dT%H%M%SZ}.{kind}"'
    return answer
