"""The AI session: offered, observed over a socket, and called over the API."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from callstore.domain.facts.spans import Spans
from callstore.domain.facts.vocabulary import AiApi


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOffered:
    """The incoming-call webhook: an INVITE waits at OpenAI. Its headers are where calls are joined."""

    TYPE: ClassVar[str] = "session.offered"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"caller", "called"})
    api: AiApi
    child: str | None = None
    parent: str | None = None
    sip_call_id: str | None = None
    headers: tuple[str, ...] = ()
    came_from: str | None = None  # the host of the From address
    caller: str | None = None
    called: str | None = None
    agent: str | None = None  # as the application calls it
    agent_version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketOpened:
    """Somebody began to observe the session; 101 is success, 404 means no such session."""

    TYPE: ClassVar[str] = "socket.opened"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    connection: str
    http_status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketClosed:
    """The observer's socket closed. `received` is the server's close frame, `sent` ours; None: no frame."""

    TYPE: ClassVar[str] = "socket.closed"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    connection: str
    code: int | None = None
    reason: str | None = None
    received: int | None = None
    sent: int | None = None
    received_first: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchChanged:
    """An observer began to watch the session, left it, or was lost: never the session's own end.

    `lost` is said by whoever took over. Nobody watched for `unwatched_s` seconds from `since` on (Unix s);
    both are None where somebody watched all the time, or nobody had watched before.
    """

    TYPE: ClassVar[str] = "watch.changed"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    state: Literal["started", "stopped", "lost"]
    observer: str | None = None
    connection: str | None = None
    reason: str | None = None
    since: float | None = None
    unwatched_s: float | None = None

    @property
    def gap(self) -> Spans:
        """When nobody watched, in Unix seconds, where it tells that."""
        return [(self.since, self.since + self.unwatched_s)] if self.since and self.unwatched_s else []


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCalled:
    """Our application called the Calls API: accept, reject, refer, hangup."""

    TYPE: ClassVar[str] = "api.called"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    action: str
    method: str | None = None
    status: int | None = None
    request_id: str | None = None
