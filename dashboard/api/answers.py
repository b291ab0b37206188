"""What every route answers with: JSON as it is stored; the call, 404 or 410; the query's condition or 422."""

from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from django.http import HttpResponse
from ninja import Path, Query

from callstore.projection import queries
from callstore.report.document import Document
from callstore.report.history import TooLong
from callstore.search.compile import where
from callstore.search.conditions import Where
from callstore.search.errors import QueryError
from dashboard.api.problems import Problem
from dashboard.api.shapes import calls as shape

ERRORS: dict[Any, Any] = {code: shape.Wrong for code in (401, 404, 410, 422, 503)}
ERRORS_OF_WRITES: dict[Any, Any] = {400: shape.Wrong, 403: shape.Wrong, 413: shape.Wrong}
QueryText = Annotated[
    str,
    Query(
        description="A query in the language of the list",
        examples=["is:truncated status:completed sip:200", 'caller:"a refund" started:-24h'],
    ),
]
CallId = Annotated[
    str,
    Path(
        description="Our id of the call, any of its Twilio call SIDs, or its AI call id",
        examples=["CA329fe673c51597665e18e89870ebf709"],
    ),
]
RecordingId = Annotated[str, Path(description="The SID of a recording of the call, or OpenAI's id of one")]


def as_json(body: Any) -> HttpResponse:
    """A body as JSON, straight from the stored document: to validate it could only make errors of it."""
    return HttpResponse(orjson.dumps(body), "application/json")


def call_or_404(id: str) -> Document:
    """The document of the call that this is any id of. Raises Problem, as `no_call` has it."""
    document = queries.find(id)
    if document is None:
        raise no_call(id)
    return document


def no_call(id: str) -> Problem:
    """Why this is no call's id: 410 for one of ours of a month that was retired, 404 for any other."""
    if month := queries.expired(id):
        return Problem(410, f"The events of this call have expired: it is of {month}.")
    return Problem(404, "No call has this id.")


def as_of_or_404(id: str, position: int | None) -> Document:
    """The call, as it was known when this event of it came where one is named. Raises Problem."""
    document = call_or_404(id)
    if position is None:
        return document
    try:
        known = queries.as_of(document, position)
    except TooLong as error:
        raise Problem(422, str(error)) from None
    if known is None:
        raise Problem(404, f"The call has no event {position}.")
    return known.call


def condition_or_422(q: str) -> Where:
    """The condition of a query, its times counted from now. Raises Problem: what is wrong, and where."""
    try:
        return where(q, datetime.now(UTC))
    except QueryError as error:
        raise query_problem(error) from None


def query_problem(error: QueryError) -> Problem:
    """What is wrong with a query, and where, as a problem."""
    return Problem(
        422,
        error.message,
        type="urn:callstore:problem:query",
        position=error.position,
        length=error.length,
        message=error.message,
        suggestion=error.suggestion,
    )
