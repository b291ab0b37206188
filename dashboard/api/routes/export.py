"""The incident export by HTTP: everything that a query finds, streamed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router

from callstore.projection import queries
from dashboard.api.answers import ERRORS, QueryText, condition_or_422
from dashboard.export import files
from dashboard.export.incident import About

router = Router(tags=["export"])


@router.get("/incidents.csv", response=ERRORS)
def get_incidents_csv(request: HttpRequest, q: QueryText = "") -> StreamingHttpResponse:
    """One row a call, in the fixed columns of incident_csv/1, safe to open in a spreadsheet."""
    return _download(q, files.csv_lines, "csv", "text/csv; charset=utf-8; header=present")


@router.get("/incidents.jsonl", response=ERRORS)
def get_incidents_jsonl(request: HttpRequest, q: QueryText = "") -> StreamingHttpResponse:
    """The same fields, a JSON object a line, as they are."""
    return _download(q, files.json_lines, "jsonl", "application/jsonl; charset=utf-8")


def _download(q: str, lines: Callable[..., Any], kind: str, content_type: str) -> StreamingHttpResponse:
    about = About(q, datetime.now(UTC))
    documents = queries.stream(condition_or_422(q))
    answer = StreamingHttpResponse(lines(documents, about), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="incidents-{about.at:%Y%m%dT%H%M%SZ}.{kind}"'
    return answer
