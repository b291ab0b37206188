"""Parts of the list that follow from what changed: how many calls are new, and rows as they are now."""

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from callstore.projection import queries
from callstore.projection.changes import journal
from callstore.projection.changes.journal import Position
from callstore.search.compile import compiled
from callstore.search.errors import QueryError
from callstore.search.snippets import snippets
from dashboard.calls.columns import asked, shown
from dashboard.calls.list_url import Address
from dashboard.calls.listing import Listing
from dashboard.calls.query import Query
from dashboard.calls.rows import row

LOOKED_AT = 2_000  # changed calls of which it is asked whether the query finds them
MOST_ROWS = 200  # of a page, and of a part of it


@require_safe
def no_stream(request: HttpRequest) -> HttpResponse:
    """GET /live where Django serves alone, without our event loop: a browser asks by itself then."""
    return HttpResponse(status=204)


@never_cache
@require_safe
def since(request: HttpRequest) -> HttpResponse:
    """How many calls that are not among `shown` a list would have on top by now, and a link to see them.

    `position` says when the list was made, `oldest` where it ends.
    """
    address = asked(request.GET)
    try:
        new = _new(request.GET, address)
    except QueryError:
        return HttpResponse(status=422)
    return render(request, "dashboard/live/new_calls.html", {"new": new, "address": address})


@never_cache
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """The rows of the calls `ids` as they are now; with a `position` of those alone that changed since.

    A call that has become part of another has the other's row, and `became` says so.
    """
    now, address = journal.position(), asked(request.GET)
    wanted = _changed(_ids(request.GET.get("ids", "")), Position.read(request.GET.get("position")))
    try:
        query = Query.read(address.q)
    except QueryError:
        return HttpResponse(status=422)
    known = queries.page(("call_id = ANY(%s)", [wanted]), limit=MOST_ROWS).items if wanted else []
    missing = [id_ for id_ in wanted if str(id_) not in {document["call_id"] for document in known}]
    became = {str(id_): other for id_ in missing if (other := queries.find(str(id_)))}
    columns, at = shown(address), datetime.now(UTC)
    documents = list({document["call_id"]: document for document in [*known, *became.values()]}.values())
    context = {
        "list": Listing(address, query, said=snippets(documents, query.tree) or {}),
        "rows": [row(document, at, columns) for document in documents],
        "shown": {column.name for column in columns},
        "carried": quote(address._replace(selected="").parameters, safe=""),
        "became": {id_: other["call_id"] for id_, other in became.items()},
        "gone": [id_ for id_ in missing if str(id_) not in became],
        "position": now,
    }
    return render(request, "dashboard/live/rows.html", context)


def _new(given: QueryDict, address: Address) -> int | None:
    """How many; None where it is not known, because the list is too old. Raises QueryError."""
    position, now = Position.read(given.get("position")), datetime.now(UTC)
    changed = journal.since(position, LOOKED_AT) if position else None
    if changed is None:
        return None
    condition, parameters = compiled(address.whole(Query.read(address.q).tree, now), now)
    condition = f"({condition}) AND call_id = ANY(%s) AND NOT call_id = ANY(%s)"
    parameters = [*parameters, changed, _ids(given.get("shown", ""))]
    if oldest := _moment(given.get("oldest", "")):
        condition, parameters = f"{condition} AND started_at >= %s", [*parameters, oldest]
    return queries.count((condition, parameters)) if changed else 0


def _changed(ids: list[UUID], position: Position | None) -> list[UUID]:
    changed = journal.since(position, LOOKED_AT) if position else None
    return ids if changed is None else [id_ for id_ in ids if id_ in set(changed)]


def _ids(text: str) -> list[UUID]:
    return list(_uuids(text.split(",")[:MOST_ROWS]))


def _uuids(texts: Iterable[str]) -> Iterable[UUID]:
    for text in texts:
        try:
            yield UUID(text)
        except ValueError:
            continue


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
