"""A body that the voice application sent, as facts. Never raises for what was sent."""

from collections.abc import Callable, Iterable, Mapping

from callstore.domain.facts.events import Unrecognised
from callstore.domain.facts.record import Draft
from ingest.dialects import own_facts, parse
from ingest.dialects.app import binary_mode, exchange, realtime, statements
from ingest.dialects.app.cloudevent import CloudEvent, cloud_event, elements, fault
from ingest.dialects.json_batch import NOT_JSON, Unreadable
from ingest.dialects.parsed import ParsedDelivery, Rejected, unparsable


def batch(headers: Mapping[str, str], body: bytes, received_at: float) -> ParsedDelivery:
    """The facts of each CloudEvent. What is none is rejected by its place, and its neighbours are kept.

    A body of which nothing can be read is kept whole; where more is known than that, its sender is told why.
    """
    is_binary = binary_mode.is_binary(headers)
    found: list[object] = [binary_mode.element(headers, body)] if is_binary else elements(body)
    unreadable = [(index, each.error) for index, each in enumerate(found) if isinstance(each, Unreadable)]
    if found and len(unreadable) == len(found):
        told = tuple(Rejected(*each) for each in unreadable if each[1] != NOT_JSON)
        return ParsedDelivery(((unparsable("app", body, received_at, "no JSON"),),), told)
    return of_elements(found, received_at)


def of_elements(found: Iterable[object], received_at: float) -> ParsedDelivery:
    """The facts of values that were read already, as those of a body's."""
    taken, rejected = [], []
    for index, element in enumerate(found):
        if error := fault(element):
            rejected.append(Rejected(index, error))
        elif isinstance(element, dict):
            taken.append(tuple(_drafts(cloud_event(element, received_at))))
    return ParsedDelivery(tuple(taken), tuple(rejected))


def _drafts(event: CloudEvent) -> list[Draft]:
    if event.type in _FRAMES:
        event = realtime.without_sound(event)
    reader = _READERS.get(event.type)
    return (reader and reader(event)) or [_unrecognised(event)]


def _unrecognised(event: CloudEvent) -> Draft:
    return Draft(
        source="app",
        subject=event.subject or event.session or statements.application(event),
        key=event.key,
        event=Unrecognised(note="no known kind of CloudEvent", hint=event.type),
        occurred=event.instant,
        received_at=event.received_at,
        raw=event.raw,
    )


def _smoke_test(event: CloudEvent) -> list[Draft]:
    run = parse.text(event.data.get("run"))
    return [own_facts.smoke_tested("app", run, event.received_at)] if run else []


_FRAMES = ("realtime.frame", realtime.SENT)
# Type → reader (the types of doc.md). A reader gives nothing where what makes the fact is missing.
_READERS: dict[str, Callable[[CloudEvent], list[Draft]]] = {
    "realtime.frame": realtime.server_event,
    realtime.SENT: realtime.client_event,
    "realtime.socket.opened": realtime.socket_opened,
    "realtime.socket.closed": realtime.socket_closed,
    "realtime.observer.started": realtime.watch_changed,
    "realtime.observer.stopped": realtime.watch_changed,
    "realtime.observer.lost": realtime.watch_changed,
    "realtime.api_call": realtime.api_call,
    "twilio.exchange": exchange.exchange,
    "app.hangup_requested": statements.statement,
    "app.session_finished": statements.statement,
    "app.exception": statements.statement,
    "app.log": statements.statement,
    "app.deployed": statements.statement,
    "incident.published": statements.incident,
    own_facts.SMOKE_TEST: _smoke_test,
}
