"""Where a share is read, and by which ids the shares of a call are found."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from callstore.projection import queries
from callstore.report.document import Document


def address(request: HttpRequest, token: str) -> str:
    """The whole address of a share, as others reach this instance."""
    path = reverse("share", args=[token])
    return (
        f"{settings.PUBLIC_BASE_URL}{path}" if settings.PUBLIC_BASE_URL else request.build_absolute_uri(path)
    )


def traces_of(call: Document) -> list[str]:
    """The ids that the call has or had: its traces."""
    return [str(trace) for trace in queries.component_of_id(call["call_id"])]
