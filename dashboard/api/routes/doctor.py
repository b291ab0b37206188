"""What this set-up does not tell or does wrongly, by HTTP."""

from threading import Lock
from typing import Annotated

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from callstore.doctor.doctor import look
from callstore.doctor.recently import Busy, recent
from callstore.domain.facts.clock import unix
from dashboard.api.answers import ERRORS, as_json
from dashboard.api.problems import Problem
from dashboard.api.shapes import calls as shape

router = Router(tags=["operation"])

# A look folds some hundred calls: no more than one thread of those that serve pages is away at it.
_looking = Lock()


@router.get("/doctor", response={200: shape.DoctorReport, **ERRORS})
def get_doctor(
    request: HttpRequest,
    since: Annotated[str, Query(description="What came since this time (ISO 8601); the last 7 days")] = "",
) -> HttpResponse:
    """What the newest calls and the settings show to be wrong or missing, each with what proves it.

    The look at the last seven days is kept for up to a minute.
    """
    try:
        after = unix(since) if since else None
    except (ValueError, OverflowError):
        raise Problem(422, "since: give a time as 2026-04-13T00:18:52Z.") from None
    if after is None:
        return _usual()
    if not _looking.acquire(blocking=False):
        return _busy()
    try:
        return as_json(look(after).as_json())
    except ImproperlyConfigured as error:
        raise Problem(503, str(error)) from None
    finally:
        _looking.release()


def _usual() -> HttpResponse:
    """The look at the last seven days, which is kept for a while."""
    try:
        return as_json(recent().as_json())
    except Busy:
        return _busy()
    except ImproperlyConfigured as error:
        raise Problem(503, str(error)) from None


def _busy() -> HttpResponse:
    return Problem(503, "The doctor is looking for somebody else; ask again soon.").response()
