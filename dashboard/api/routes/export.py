"""The incident export by HTTP: everything that a query finds, streamed."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import Annotated, TypeAlias

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router

from callstore.projection.slices import slices
from callstore.report.document import Document
from dashboard.api.answers import ERRORS, QueryText, condition_or_422
from dashboard.export import files
from dashboard.export.incident import CURRENT, PARTS, About, Schema

Pieces: TypeAlias = Callable[[Iterable[list[Document]], About], Iterator[str]]
Chosen = Annotated[Schema, Query(alias="schema", description="Which columns; incident_csv/1 has fewer")]
Bom = Annotated[bool, Query(description="Begin with a byte order mark, by which Excel knows UTF-8")]

router = Router(tags=["export"])


@router.get("/incidents.csv", response=ERRORS)
def get_incidents_csv(
    request: HttpRequest, q: QueryText = "", columns: Chosen = CURRENT, bom: Bom = False
) -> StreamingHttpResponse:
    """One row a call, in the fixed columns of a schema, safe to open in a spreadsheet."""
    written = partial(files.csv_pieces, bom=bom)
    return _download(q, columns, written, "csv", "text/csv; charset=utf-8; header=present")


@router.get("/incidents.jsonl", response=ERRORS)
def get_incidents_jsonl(
    request: HttpRequest, q: QueryText = "", columns: Chosen = CURRENT
) -> StreamingHttpResponse:
    """The same fields, a JSON object a line, as they are."""
    return _download(q, columns, files.json_pieces, "jsonl", "application/jsonl; charset=utf-8")


def _download(q: str, schema: Schema, written: Pieces, kind: str, media: str) -> StreamingHttpResponse:
    about = About(q, datetime.now(UTC), schema)
    found = slices(condition_or_422(q), PARTS)
    # The first is read before anything is sent: what is wrong with a query is still an answer then.
    pieces = written(chain([next(found)], found), about)
    answer = StreamingHttpResponse(pieces, content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="incidents-{about.at:%Y%m%dT%H%M%SZ}.{kind}"'
    return answer
