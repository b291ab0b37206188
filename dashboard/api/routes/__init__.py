"""The API at /api/v1/: calls, their events, audio, the export, and incidents that somebody enters."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.operation import Operation

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


class CallsAPI(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Clients are generated with these names, which therefore must not follow our folders."""
        return f"dashboard_api_{operation.view_func.__name__}"


api = CallsAPI(
    title="callstore",
    version="1",
    description="Reads calls. The query language is that of the page; see docs/query-language.md.",
    auth=[Session(), Token()],
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
    api.add_router("", router)
