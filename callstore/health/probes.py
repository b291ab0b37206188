"""/healthz, /readyz and /metrics before all else: who asks knows an address, and often no name of ours."""

from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from callstore.health import endpoints, metrics

ENDPOINTS = {"/healthz": endpoints.healthz, "/readyz": endpoints.readyz, "/metrics": metrics.metrics}


class Probes(MiddlewareMixin):
    """Answers them whatever the Host: nothing in the answers depends on it, and nothing is linked by it."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """The answer of the endpoint at this path, or None where there is none."""
        endpoint = ENDPOINTS.get(request.path_info)
        return endpoint(request) if endpoint else None
