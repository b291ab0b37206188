"""/metrics: figures for whoever scrapes them, in Prometheus' text form."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# By name: what a figure means, and who knows it. Asked at each scrape, so it asks no database.
GAUGES: dict[str, tuple[str, Callable[[], float]]] = {}


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Every figure as it is now."""
    lines = [
        f"# HELP {name} {meaning}\n# TYPE {name} gauge\n{name} {ask():.15g}\n"
        for name, (meaning, ask) in sorted(GAUGES.items())
    ]
    return HttpResponse("".join(lines), content_type=CONTENT_TYPE)
