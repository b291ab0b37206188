"""What the application forwards of its own sockets and calls to the Realtime API."""

from dataclasses import replace
from typing import cast

import orjson

from callstore.domain.facts.clock import Instant
from callstore.domain.facts.record import Draft, Ref
from ingest.dialects import parse
from ingest.dialects.app.cloudevent import CloudEvent
from ingest.dialects.openai import sideband
from ingest.dialects.openai.compaction import compacted
from ingest.dialects.openai.sideband import Envelope, WatchState

SENT = "realtime.sent"


def without_sound(event: CloudEvent) -> CloudEvent:
    """The same with the event of the socket as it is kept: compacted."""
    frame = parse.mapping(event.data.get("event"))
    kept = compacted(frame, sent=event.type == SENT)
    if kept is frame:
        return event
    data = {**event.data, "event": kept}
    element = {**orjson.loads(event.raw), "data": data}
    element.pop("data_base64", None)
    return replace(event, data=data, raw=orjson.dumps(element))


def server_event(event: CloudEvent) -> list[Draft]:
    """A server event as it came on the socket, or one in place of several `pieces` of an utterance."""
    pieces = event.data.get("pieces")
    envelope = _frame_envelope(event, max(1, len(pieces)) if isinstance(pieces, list) else 1)
    draft = envelope and sideband.server_event(envelope, parse.mapping(event.data.get("event")))
    return [draft] if draft else []


def client_event(event: CloudEvent) -> list[Draft]:
    """A client event that the application sent."""
    envelope = _frame_envelope(event)
    draft = envelope and sideband.client_event(envelope, parse.mapping(event.data.get("event")))
    return [draft] if draft else []


def socket_opened(event: CloudEvent) -> list[Draft]:
    """A socket opened, or could not."""
    envelope = _envelope(event)
    return [sideband.socket_opened(envelope, event.data.get("http_status"))] if envelope else []


def socket_closed(event: CloudEvent) -> list[Draft]:
    """A socket closed."""
    envelope = _envelope(event)
    return [sideband.socket_closed(envelope, event.data)] if envelope else []


def watch_changed(event: CloudEvent) -> list[Draft]:
    """An observer began, stopped or was lost, which the last word of the type says."""
    envelope = _envelope(event)
    state = cast(WatchState, event.type.rpartition(".")[2])
    return [sideband.watch_changed(envelope, state, event.data)] if envelope else []


def api_call(event: CloudEvent) -> list[Draft]:
    """A call to the Calls API."""
    envelope = _envelope(event)
    return [sideband.api_call(envelope, event.data)] if envelope else []


def _envelope(
    event: CloudEvent, occurred: Instant | None = None, seq: int | None = None, pieces: int = 1
) -> Envelope | None:
    """About the AI call that the data names, else the subject's; a subject that differs is a link."""
    subject = event.session or event.call
    if subject is None:
        return None
    connection = parse.text(event.data.get("connection_id"))
    return Envelope(
        source="app",
        subject=subject,
        connection=connection,
        sequence=seq,
        occurred=occurred or event.instant,
        received_at=event.received_at,
        raw=event.raw,
        refs=_refs(event, subject),
        key=event.key if connection is None or seq is None else None,
        pieces=pieces,
    )


def _refs(event: CloudEvent, subject: str) -> tuple[Ref, ...]:
    other = (Ref("CloudEvents subject", event.call),) if event.call and event.call != subject else ()
    return (*other, *event.mentioned)


def _frame_envelope(event: CloudEvent, pieces: int = 1) -> Envelope | None:
    """A frame's: numbered by its connection, timed by whoever held the socket."""
    at = parse.any_time(event.data.get("received_at"))
    occurred = None if at is None else Instant(at, event.clock)
    return _envelope(event, occurred, parse.integer(event.data.get("seq"), parse.INT64), pieces)
