"""What passed on a session's sockets, and the calls to its API, whoever saw it: a forwarder or we ourselves.

https://platform.openai.com/docs/guides/realtime-server-controls
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from callstore.domain.facts.clock import Instant
from callstore.domain.facts.events import (
    ApiCalled,
    Event,
    FrameSent,
    SocketClosed,
    SocketOpened,
    WatchChanged,
)
from callstore.domain.facts.record import Draft, Ref, Source
from ingest.dialects import parse
from ingest.dialects.openai import frames

WatchState: TypeAlias = Literal["started", "stopped", "lost"]
ACTIONS = frozenset({"accept", "reject", "refer", "hangup"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Who observed something (`source`), on which session, on which of its sockets, and when.

    `sequence` counts the frames of one `connection` in one direction; `raw` is what is kept, without audio
    (compaction.compacted). `key` is the id under which a forwarder sent it; who observes himself has none.
    `pieces` counts the server events of which it was joined.
    """

    source: Source
    subject: str
    connection: str | None
    sequence: int | None = None
    occurred: Instant
    received_at: float
    raw: bytes
    refs: tuple[Ref, ...] = ()
    key: str | None = None
    pieces: int = 1

    @property
    def connection_name(self) -> str:
        return self.connection or "unknown"


def server_event(envelope: Envelope, event: Mapping[str, Any]) -> Draft | None:
    """An event as it came on the socket; None for one without a type."""
    kind = parse.text(event.get("type"))
    if kind is None:
        return None
    fact = frames.frame(envelope.connection_name, kind, event, envelope.pieces)
    return _frame(envelope, "frame", fact)


def client_event(envelope: Envelope, event: Mapping[str, Any]) -> Draft | None:
    """An event that was sent; None for one without a type."""
    kind = parse.text(event.get("type"))
    if kind is None:
        return None
    return _frame(envelope, "sent", FrameSent(connection=envelope.connection_name, kind=kind))


def socket_opened(envelope: Envelope, http_status: object) -> Draft:
    """A socket opened, or could not."""
    event = SocketOpened(connection=envelope.connection_name, http_status=parse.integer(http_status))
    return _draft(envelope, event, envelope.key or parse.named("opened", envelope.connection_name))


def socket_closed(envelope: Envelope, close: Mapping[str, Any]) -> Draft:
    """A socket closed, with both close frames: `code`, `reason`, `rcvd`, `sent`, `rcvd_then_sent`."""
    theirs, ours = parse.mapping(close.get("rcvd")), parse.mapping(close.get("sent"))
    event = SocketClosed(
        connection=envelope.connection_name,
        code=parse.integer(close.get("code")),
        reason=parse.text(close.get("reason")) or parse.text(theirs.get("reason")),
        received=parse.integer(theirs.get("code")),
        sent=parse.integer(ours.get("code")),
        received_first=parse.truth(close.get("rcvd_then_sent")),
    )
    return _draft(envelope, event, envelope.key or parse.named("closed", envelope.connection_name))


def watch_changed(envelope: Envelope, state: WatchState, told: Mapping[str, Any]) -> Draft:
    """An observer began, stopped or was lost: `observer`, `reason`, `since` and `unwatched_s`."""
    event = WatchChanged(
        state=state,
        observer=parse.text(told.get("observer")),
        connection=envelope.connection,
        reason=parse.code(told.get("reason")),
        since=parse.any_time(told.get("since")),
        unwatched_s=parse.number(told.get("unwatched_s")),
    )
    return _draft(envelope, event, envelope.key or parse.named("watch", state, envelope.connection_name))


def api_call(envelope: Envelope, call: Mapping[str, Any]) -> Draft:
    """A call to the Calls API: `method`, `path`, `status`, `request_id`; its path ends in the action."""
    last = (parse.text(call.get("path")) or "").partition("?")[0].rstrip("/").rpartition("/")[2]
    request_id = parse.text(call.get("request_id"))
    event = ApiCalled(
        action=last if last in ACTIONS else "other",
        method=parse.text(call.get("method")),
        status=parse.integer(call.get("status")),
        request_id=request_id,
    )
    return _draft(envelope, event, envelope.key or parse.named("api", request_id or "-"))


def _frame(envelope: Envelope, word: str, event: Event) -> Draft:
    """A frame's draft, known by its connection and number; without them by its forwarder's key."""
    numbered = envelope.connection is not None and envelope.sequence is not None
    number = parse.named(word, envelope.connection, envelope.sequence)
    return _draft(envelope, event, number if numbered else envelope.key or number, envelope.sequence)


def _draft(envelope: Envelope, event: Event, key: str, sequence: int | None = None) -> Draft:
    return Draft(
        source=envelope.source,
        subject=envelope.subject,
        key=key,
        event=event,
        refs=envelope.refs,
        sequence=sequence,
        occurred=envelope.occurred,
        received_at=envelope.received_at,
        raw=envelope.raw,
    )
