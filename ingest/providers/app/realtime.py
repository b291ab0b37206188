"""What passed on the application's own sockets and calls to the Realtime API."""

from dataclasses import replace

import orjson

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import ApiCalled, Event, FrameSent, SocketClosed, SocketOpened
from callstore.domain.facts.record import Draft, Ref
from ingest.dialects import parse
from ingest.dialects.openai import frames
from ingest.providers.app.cloudevent import CloudEvent

ACTIONS = frozenset({"accept", "reject", "refer", "hangup"})


def received(event: CloudEvent) -> list[Draft]:
    """A server event as it came on the socket."""
    said = parse.mapping(event.data.get("event"))
    kind = parse.text(said.get("type"))
    if kind is None:
        return []
    return _frame(event, "frame", frames.frame(_connection(event), kind, said))


def sent(event: CloudEvent) -> list[Draft]:
    """A client event that the application sent."""
    kind = parse.text(parse.mapping(event.data.get("event")).get("type"))
    return [] if kind is None else _frame(event, "sent", FrameSent(connection=_connection(event), kind=kind))


def opened(event: CloudEvent) -> list[Draft]:
    """A socket opened, or could not."""
    status = parse.integer(event.data.get("http_status"))
    return _drafts(event, SocketOpened(connection=_connection(event), http_status=status))


def closed(event: CloudEvent) -> list[Draft]:
    """A socket closed, with both close frames."""
    data = event.data
    theirs, ours = parse.mapping(data.get("rcvd")), parse.mapping(data.get("sent"))
    return _drafts(
        event,
        SocketClosed(
            connection=_connection(event),
            code=parse.integer(data.get("code")),
            reason=parse.text(data.get("reason")) or parse.text(theirs.get("reason")),
            received=parse.integer(theirs.get("code")),
            sent=parse.integer(ours.get("code")),
            received_first=parse.truth(data.get("rcvd_then_sent")),
        ),
    )


def api_call(event: CloudEvent) -> list[Draft]:
    """A call to the Calls API; the action is the last word of its path."""
    data = event.data
    last = (parse.text(data.get("path")) or "").partition("?")[0].rstrip("/").rpartition("/")[2]
    return _drafts(
        event,
        ApiCalled(
            action=last if last in ACTIONS else "other",
            method=parse.text(data.get("method")),
            status=parse.integer(data.get("status")),
            request_id=parse.text(data.get("request_id")),
        ),
    )


def _connection(event: CloudEvent) -> str:
    return parse.text(event.data.get("connection_id")) or "unknown"


def _frame(event: CloudEvent, word: str, frame: Event) -> list[Draft]:
    """A frame's draft: numbered by its connection, timed by whoever held the socket."""
    sequence = parse.integer(event.data.get("seq"), parse.INT64)
    connection = parse.text(event.data.get("connection_id"))
    numbered = connection is not None and sequence is not None
    at = parse.any_time(event.data.get("received_at"))
    return [
        replace(
            draft,
            key=parse.named(word, connection, sequence) if numbered else draft.key,
            sequence=sequence,
            occurred=draft.occurred if at is None else Instant(at, Clock.APP),
            raw=_without_audio(draft.raw),
        )
        for draft in _drafts(event, frame)
    ]


def _without_audio(raw: bytes) -> bytes:
    element = orjson.loads(raw)
    element["data"]["event"] = frames.without_audio(element["data"]["event"])
    return orjson.dumps(element)


def _drafts(event: CloudEvent, fact: Event) -> list[Draft]:
    """One draft about the AI call that the data names; a subject that names another id is a link."""
    subject = event.session or event.call
    if subject is None:
        return []
    refs = (Ref("CloudEvents subject", event.call),) if event.call and event.call != subject else ()
    return [
        Draft(
            source="app",
            subject=subject,
            key=event.key,
            event=fact,
            refs=refs,
            occurred=event.instant,
            received_at=event.received_at,
            raw=event.raw,
        )
    ]
