"""Errors as RFC 9457 problem details."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

API = "/api/"
Answering = Callable[[HttpRequest], HttpResponseBase]
RETRY_AFTER_S = 10  # as long as a statement may take: until then whatever was in its way has ended


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
        if self.status == HTTPStatus.SERVICE_UNAVAILABLE:
            answer["Retry-After"] = str(RETRY_AFTER_S)
        return answer


def tell(api: NinjaAPI) -> None:
    """Have every error of an API told as problem details."""

    @api.exception_handler(Problem)
    def on_problem(request: HttpRequest, error: Problem) -> HttpResponse:
        return error.response()

    @api.exception_handler(AuthenticationError)
    def on_stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return Problem(401, "Log in, or send a token as Authorization: Bearer.").response()

    @api.exception_handler(HttpError)
    def on_unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
        if isinstance(error.__cause__, Problem):  # what a parser of ours says is passed on by ninja so
            return error.__cause__.response()
        return Problem(error.status_code, str(error)).response()

    @api.exception_handler(ValidationError)
    def on_malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return Problem(422, "; ".join(map(_named, error.errors))).response()


def without_pages(get_response: Answering) -> Answering:
    """Have an error below /api/ that the framework answers, such as a 405, told as problem details."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        answer = get_response(request)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        if answer.status_code < 400 or not is_page or not request.path.startswith(API):
            return answer
        problem = Problem(answer.status_code, _said(answer)).response()
        for name, value in answer.items():
            if name not in ("Content-Type", "Content-Length"):
                problem.headers[name] = value
        return problem

    return answered


def _named(error: dict[str, Any]) -> str:
    """What is wrong with which field: `tags.0: …`. Where it stood, and a body's name with us, say nothing."""
    where, *path = error["loc"]
    field = path[1:] if where == "body" and len(path) > 1 else path
    return f"{'.'.join(map(str, field))}: {error['msg'].removeprefix('Value error, ')}"


def _said(answer: HttpResponseBase) -> str:
    if "Allow" in answer.headers:
        return f"This path takes {answer.headers['Allow']}."
    return HTTPStatus(answer.status_code).description or HTTPStatus(answer.status_code).phrase
