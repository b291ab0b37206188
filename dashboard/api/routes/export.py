"""The incident export by HTTP: everything that a query finds, streamed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from threading import RLock
from typing import Annotated, TypeAlias

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router

from callstore.people import audit
from callstore.people.who import name as actor
from callstore.projection.replica import each
from callstore.projection.slices import slices
from callstore.report.document import Document
from dashboard.api.answers import ERRORS, QueryText, condition_or_422
from dashboard.api.problems import Problem
from dashboard.calls.visible_columns import UnknownColumn, of_list
from dashboard.export import files
from dashboard.export.incident import CURRENT, About, Schema
from dashboard.export.taken_calls import entered
from dashboard.replica import may_be_behind

Pieces: TypeAlias = Callable[[Iterable[list[Document]], About], Iterator[str]]
Chosen = Annotated[
    Schema,
    Query(
        alias="schema", description="Which columns; incident_csv/1 has fewer, `columns` has those of `cols`"
    ),
]
Cols = Annotated[
    str, Query(max_length=1000, description="With schema=columns: columns of the list, with commas between")
]
Bom = Annotated[bool, Query(description="Begin with a byte order mark, by which Excel knows UTF-8")]

# At once in this process: of each there are some MB in memory, for as long as its reader takes.
MOST, MOST_EACH = 32, 24
BUSY = "Too many exports are being read just now. Ask again when one has ended."
_open: Counter[str] = Counter()  # by reader
_counting = RLock()  # one that nobody reads on may end in the middle of this, as garbage

router = Router(tags=["export"])


@router.get("/incidents.csv", response=ERRORS)
def get_incidents_csv(
    request: HttpRequest, q: QueryText = "", columns: Chosen = CURRENT, cols: Cols = "", bom: Bom = False
) -> StreamingHttpResponse:
    """One row a call, in the columns of a schema or of a list, safe to open in a spreadsheet."""
    written = partial(files.csv_pieces, bom=bom)
    return _download(
        request, _about(q, columns, cols), written, "csv", "text/csv; charset=utf-8; header=present"
    )


@router.get("/incidents.jsonl", response=ERRORS)
def get_incidents_jsonl(
    request: HttpRequest, q: QueryText = "", columns: Chosen = CURRENT, cols: Cols = ""
) -> StreamingHttpResponse:
    """The same fields, a JSON object a line, as they are."""
    return _download(
        request, _about(q, columns, cols), files.json_pieces, "jsonl", "application/jsonl; charset=utf-8"
    )


def _about(q: str, schema: Schema, cols: str) -> About:
    try:
        chosen = of_list(cols) if schema == "columns" else ()
    except UnknownColumn as error:
        raise Problem(422, str(error)) from None
    return About(q, datetime.now(UTC), schema, chosen=chosen)


def _download(
    request: HttpRequest, about: About, written: Pieces, kind: str, media: str
) -> StreamingHttpResponse:
    found = slices(condition_or_422(about.query), outlines=True)
    found = entered(each(found) if may_be_behind(request) else found, about, actor(request), kind)
    found = _one_of_few(found, actor(request))
    # The first is read before anything is sent: what is wrong with a query is still an answer then.
    pieces = written(chain([next(found)], found), about)
    # Not the query: it may hold a number or a spoken word, which `erase` could not find in the audit.
    audit.record(request, "exported", export=str(about.id), kind=kind, schema=about.schema)
    answer = StreamingHttpResponse(pieces, content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="incidents-{about.at:%Y%m%dT%H%M%SZ}.{kind}"'
    return answer


def _one_of_few(slices: Iterator[list[Document]], by: str) -> Iterator[list[Document]]:
    """The same slices. Raises Problem before the first where there are too many that nobody has read."""
    with _counting:
        if _open.total() >= MOST or _open[by] >= MOST_EACH:
            raise Problem(503, BUSY)
        _open[by] += 1
    try:
        yield from slices
    finally:
        with _counting:
            _open[by] -= 1
            if not _open[by]:
                del _open[by]
