"""What the application states of itself, and of the providers' health."""

import re
from typing import cast

from callstore.domain.facts.events import AppSaid, IncidentPublished
from callstore.domain.facts.record import Draft, Ref
from callstore.domain.facts.vocabulary import StatementKind
from ingest.dialects import parse
from ingest.dialects.agents import agent
from ingest.dialects.app.cloudevent import CloudEvent

# A reason that is one word is a code; anything else may hold what a caller said, so it is a message.
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,63}")


def application(event: CloudEvent) -> str:
    """The subject of what an application states about no call: itself."""
    return parse.named("app", event.source)


def statement(event: CloudEvent) -> list[Draft]:
    """One app.* event, on the call that its subject or its data names."""
    data = event.data
    reason = parse.text(data.get("reason"))
    is_code = bool(reason and _CODE.fullmatch(reason))
    subject = event.call or event.session or event.subject or application(event)
    named = agent(data)
    other = event.session if event.session != subject else None
    return [
        Draft(
            source="app",
            subject=subject,
            key=event.key,
            event=AppSaid(
                what=cast(StatementKind, event.type.removeprefix("app.")),
                level=parse.text(data.get("level")),
                reason=reason if is_code else None,
                version=parse.text(data.get("version")) or named.version,
                agent=named.name,
                message=parse.text(data.get("message")) or (None if is_code else reason),
            ),
            refs=(*((Ref("data.call_id", other),) if other else ()), *event.mentioned),
            occurred=event.instant,
            received_at=event.received_at,
            raw=event.raw,
        )
    ]


def incident(event: CloudEvent) -> list[Draft]:
    """A published incident; nothing where it does not say whose it is."""
    data = event.data
    provider, external_id = parse.text(data.get("provider")), parse.text(data.get("external_id"))
    if provider is None or external_id is None:
        return []
    return [
        Draft(
            source="app",
            subject=parse.named("incident", provider, external_id),
            key=event.key,
            event=IncidentPublished(
                provider=provider,
                external_id=external_id,
                title=parse.text(data.get("title")),
                status=parse.text(data.get("status")),
                impact=parse.text(data.get("impact")),
                started_at=parse.any_time(data.get("started_at")),
                ended_at=parse.any_time(data.get("ended_at")),
                url=parse.text(data.get("url")),
            ),
            occurred=event.instant,
            received_at=event.received_at,
            raw=event.raw,
        )
    ]
