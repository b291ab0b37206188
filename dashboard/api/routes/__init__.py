"""The API at /api/v1/: calls, their events, audio, the export, and incidents that somebody enters."""

import json
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict
from ninja import NinjaAPI, Router, Swagger
from ninja.operation import Operation
from ninja.parser import Parser

from dashboard.api.auth import Session, Token
from dashboard.api.problems import Problem, tell
from dashboard.api.routes import (
    alerts,
    audio,
    calls,
    compare,
    doctor,
    export,
    facets,
    hand_over,
    incidents,
    nudges,
    overview,
    review,
    sources,
    suggest,
    views,
)


class Documentation(Swagger):
    """Swagger's page with its own script, served by us: where ninja is no app it would load a stranger's."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """The page; its forms carry the token that a session's writes take."""
        settings = {**self.settings, "url": self.get_openapi_url(api, kwargs)}
        told = {"swagger_settings": json.dumps(settings, indent=1), "api": api, "add_csrf": True}
        return render(request, self.template, told)


class FormParser(Parser):
    """Reads a body as the JSON object that each is, and a query as a form's: a field that is left empty, such
    as `limit=`, is as if it were not there.
    """

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Raises Problem for a list or a text, which would be taken for an object without a field."""
        body = super().parse_body(request)
        if not isinstance(body, dict):
            raise Problem(422, "The body must be a JSON object.")
        return body

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        given = super().parse_querydict(data, list_fields, request)
        return {name: value for name, value in given.items() if value not in ("", [""])}


class CallsAPI(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Clients are generated with these names, which therefore must not follow our folders."""
        return f"dashboard_api_{operation.view_func.__name__}"


api = CallsAPI(
    title="callstore",
    version="1",
    description="Reads calls. The query language is that of the page; see docs/query-language.md.",
    auth=[Session(), Token()],
    docs=Documentation(),
    parser=FormParser(),
    urls_namespace="api-1",
)
tell(api)
elsewhere = Router()


@elsewhere.get("/{path:anything}", include_in_schema=False)
def nothing_here(request: HttpRequest, anything: str) -> HttpResponse:
    raise Problem(404, "There is nothing at this path; /api/v1/docs lists what there is.")


# The first has a path that another takes for an id, and the last one matches every path.
routers = (
    review,
    calls,
    audio,
    export,
    facets,
    suggest,
    incidents,
    nudges,
    doctor,
    views,
    compare,
    hand_over,
    alerts,
    overview,
    sources,
)
for router in (*(each.router for each in routers), elsewhere):
    for view in router.path_operations.values():
        for operation in view.operations:  # titled by its docstring's first sentence, not by its function
            operation.by_alias = True  # the document names a field as it is told: `from`
            operation.summary = re.split(r"[.;](?:\s|$)", operation.description or "")[0]
    api.add_router("", router)
