"""Between documents and the rules across calls: summaries go in, findings and incidents come out."""

from callstore.domain.facts.clock import iso, unix
from callstore.findings.cross_call.summary import Incident, Summary
from callstore.findings.rule import Finding
from callstore.report.document import Document
from callstore.report.document_judgement import FindingPart, IncidentPart


def summary(document: Document) -> Summary | None:
    """A call as its neighbours see it; None for a call without any time."""
    at = document.get("child_ended_at") or document.get("ended_at") or document.get("started_at")
    if at is None:
        return None
    session, length = document.get("session"), document.get("child_duration_s")
    answers = [
        (call["action"], status)
        for call in (session.get("api_calls") or () if session else ())
        if (status := call["status"])
    ]
    sockets = session.get("connections") or () if session else ()
    statuses = [status for _, status in answers]
    statuses += [status for socket in sockets if (status := socket["http_status"])]
    return Summary(
        call_id=document["call_id"],
        at=unix(at),
        verdict=document["verdict"],
        cause=document.get("cause"),
        child_duration_s=None if length is None else round(length),
        slugs=frozenset(finding["slug"] for finding in document.get("findings") or ()),
        accepted=any(action == "accept" and status < 300 for action, status in answers),
        refused=tuple(s for s in statuses if s in (401, 403, 429) or s >= 500),
    )


def finding_part(finding: Finding) -> FindingPart:
    """A finding across calls in the shape that a report gives its own."""
    return {
        "slug": finding.slug,
        "says": finding.says,
        "certainty": finding.certainty,
        "positions": list(finding.evidence),
        "start_s": None,
        "end_s": None,
        "missing": list(finding.missing),
        "calls": list(finding.calls),
        "start_at": iso(finding.start),
        "end_at": iso(finding.end),
    }


def incident_part(incident: Incident) -> IncidentPart:
    """What a status page reported, as a call tells it."""
    return {
        "provider": incident.provider,
        "external_id": incident.external_id,
        "title": incident.title,
        "status": incident.status,
        "impact": incident.impact,
        "started_at": iso(incident.start),
        "ended_at": iso(incident.end) if incident.is_over else None,
        "url": incident.url,
    }
