"""A provider's trouble of which no status page tells, entered by hand."""

from django.http import HttpRequest
from ninja import Router, Status

from callstore.requests import incidents
from dashboard.api.answers import ERRORS, ERRORS_OF_WRITES
from dashboard.api.auth import Token, WritingSession
from dashboard.api.shapes.incident import IncidentEntered, IncidentToEnter

router = Router(tags=["incidents"], auth=[WritingSession(), Token()])


@router.post("/incidents", response={201: IncidentEntered, **ERRORS, **ERRORS_OF_WRITES})
def enter_incident(request: HttpRequest, incident: IncidentToEnter) -> Status[IncidentEntered]:
    """Enter an incident. The same provider, title and beginning again is the same one, with its news."""
    entered = incidents.EnterIncident(
        provider=incident.provider,
        title=incident.title,
        started_at=incident.started_at.timestamp(),
        ended_at=incident.ended_at.timestamp() if incident.ended_at else None,
        url=incident.url,
    )
    return Status(201, IncidentEntered(id=incidents.enter(entered)))
