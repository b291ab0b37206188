"""Errors as RFC 9457 problem details."""

from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpResponse


class Problem(Exception):
    """An answer that is an error: its status, and in a sentence what was wrong."""

    def __init__(self, status: int, detail: str, *, type: str = "about:blank", **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.type = type
        self.body = {
            "type": type,
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            **more,
        }

    def response(self) -> HttpResponse:
        answer = HttpResponse(orjson.dumps(self.body), "application/problem+json", self.status)
        if self.status == HTTPStatus.UNAUTHORIZED:
            answer["WWW-Authenticate"] = 'Bearer realm="callstore"'
        return answer
