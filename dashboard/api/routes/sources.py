"""How each source of facts does, by HTTP."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from callstore.health.sources import sources
from dashboard.api.answers import ERRORS, as_json
from dashboard.api.shapes.sources import SourcesHealth, as_told

router = Router(tags=["operation"])


@router.get("/sources", response={200: SourcesHealth, **ERRORS})
def get_sources(request: HttpRequest) -> HttpResponse:
    """Every source with its state, `ok`, `late`, `silent`, `rejecting` or `off`, why, and what to do."""
    return as_json(as_told(sources()))
