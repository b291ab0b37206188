"""What the voice application forwards, as facts. Never raises for what was sent."""

from collections.abc import Callable

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import Unrecognised
from callstore.domain.facts.record import Draft
from ingest.providers.app import exchange, realtime, said
from ingest.providers.app.cloudevent import CloudEvent, cloud_event, elements, fault
from ingest.providers.delivery import Delivery
from ingest.providers.provider import ParsedDelivery, Rejected


def read(delivery: Delivery) -> ParsedDelivery:
    """The facts of each CloudEvent. What is none is rejected by its place, and its neighbours are kept."""
    found = elements(delivery.body)
    if found is None:
        return ParsedDelivery(((_unparsable(delivery),),))
    taken, rejected = [], []
    for index, element in enumerate(found):
        if error := fault(element):
            rejected.append(Rejected(index, error))
        elif isinstance(element, dict):
            taken.append(tuple(_drafts(cloud_event(element, delivery.received_at))))
    return ParsedDelivery(tuple(taken), tuple(rejected))


def _drafts(event: CloudEvent) -> list[Draft]:
    reader = _READERS.get(event.type)
    return (reader and reader(event)) or [_unrecognised(event)]


def _unrecognised(event: CloudEvent) -> Draft:
    return Draft(
        source="app",
        subject=event.subject or event.session or said.speaker(event),
        key=event.key,
        event=Unrecognised(note="no known kind of CloudEvent", hint=event.type),
        occurred=event.instant,
        received_at=event.received_at,
        raw=event.raw,
    )


def _unparsable(delivery: Delivery) -> Draft:
    return Draft(
        source="app",
        subject="app:unknown",
        key="unparsable",
        fingerprint=delivery.body,
        event=Unrecognised(note="no JSON"),
        occurred=Instant(delivery.received_at, Clock.RECEIVER),
        received_at=delivery.received_at,
        raw=delivery.body,
    )


# Type → reader (contract §3). A reader gives nothing where what makes the fact is missing.
_READERS: dict[str, Callable[[CloudEvent], list[Draft]]] = {
    "realtime.frame": realtime.received,
    "realtime.sent": realtime.sent,
    "realtime.socket.opened": realtime.opened,
    "realtime.socket.closed": realtime.closed,
    "realtime.api_call": realtime.api_call,
    "twilio.exchange": exchange.exchanged,
    "app.hangup_requested": said.app_said,
    "app.session_finished": said.app_said,
    "app.exception": said.app_said,
    "app.log": said.app_said,
    "app.deployed": said.app_said,
    "incident.published": said.incident,
}
