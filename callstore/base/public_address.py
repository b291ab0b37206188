"""What follows from the public address: its origin, and that browsers ask by https alone if it has that."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

YEAR_S = 31_536_000


def origin(url: str) -> str:
    """Scheme and host of a web address, or an empty text of what is none: callstore.E007 says so."""
    try:
        parts = urlsplit(url)
        named = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if named else ""


Answering = Callable[[HttpRequest], HttpResponseBase]


def by_https_alone(get_response: Answering) -> Answering:
    """Say Strict-Transport-Security with every page, for SECURE_HSTS_SECONDS.

    Django's own middleware says it where it sees TLS itself; here a proxy ends it.
    """

    def answered(request: HttpRequest) -> HttpResponseBase:
        answer = get_response(request)
        if settings.SECURE_HSTS_SECONDS:
            answer.headers.setdefault("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}")
        return answer

    return answered
