"""/healthz and /readyz before everything else: whoever probes knows an address, and often no name of ours."""

from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from callstore.health import endpoints

ENDPOINTS = {"/healthz": endpoints.healthz, "/readyz": endpoints.readyz}


class Probes(MiddlewareMixin):
    """Answers both whatever the Host: nothing in the answers depends on it, and nothing is linked by it."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """The answer of the endpoint at this path, or None where there is none."""
        endpoint = ENDPOINTS.get(request.path_info)
        return endpoint(request) if endpoint else None
