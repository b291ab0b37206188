"""What an observer has to tell, as the CloudEvents by which a forwarder would tell of the same.

So there is one reading of both (ingest/dialects/app), and one key of each fact.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

from callstore.domain.facts.clock import iso
from ingest.dialects.app.cloudevent import OBSERVER
from ingest.dialects.openai.gathering import Gathering
from ingest.watch.pieces import Element, Pieces, Utterance, utterance_of
from ingest.watch.sizes import LARGE, curtailed, read_event

Kept = Element | Pieces


@dataclass(slots=True)
class Connection:
    """One socket of an observer on the session `call_id` (`rtc_…`, `live_…`), as it is told of.

    `id` is new with each socket; its frames are numbered from 1 on, as they are kept. What it tells is in
    order by its moments, too: neither a clock that is set back nor a millisecond with a frame and the close
    turns it round.
    """

    call_id: str
    observer: str
    id: str = field(default_factory=lambda: f"watch_{uuid4().hex[:20]}")
    kept: int = 0
    closing: bool = False  # the session has said itself that it is over
    _last_ms: int = 0
    _gathering: Gathering = field(default_factory=Gathering)
    _pieces: Pieces | None = None  # the last that was put, while what follows may join it
    _speaking: Utterance | None = None

    def frames(self, raw: bytes) -> list[Kept]:
        """What is to be kept now that this server event came: it, and reflected sound gathered before it.

        It is stamped as it came and numbered as it is kept; what is no JSON object is told as text. A piece
        that joins those before it, which still wait, adds nothing.
        """
        at_ms, event = self._now_ms(), read_event(raw)
        if not isinstance(event, dict):
            self._pieces = None
            return [self._frame(event, at_ms)]
        if len(raw) <= LARGE and (utterance := utterance_of(event)):
            return self._piece(utterance, event, at_ms)
        self._pieces = None
        if event.get("type") == "session.closed":
            self.closing = True
        kept = self._gathering.take(event, at_ms / 1000)
        # Only what was large may still be too large.
        cut = curtailed if len(raw) > LARGE else _as_it_is
        return [self._frame(cut(each.event), round(each.came * 1000)) for each in kept]

    def _piece(self, utterance: Utterance, event: Mapping[str, Any], at_ms: int) -> list[Kept]:
        monotonic_ms = int(time.monotonic() * 1000)
        if self._pieces is not None and self._pieces.has_room_for(utterance):
            self._pieces.add(event, at_ms, monotonic_ms)
            return []
        self.kept += 1
        self._pieces = Pieces(utterance, utterance != self._speaking, partial(self._numbered, self.kept))
        self._pieces.add(event, at_ms, monotonic_ms)
        self._speaking = utterance
        return [self._pieces]

    def rest(self) -> list[Element]:
        """Sound that was still gathered when the socket closed."""
        return [self._frame(each.event, round(each.came * 1000)) for each in self._gathering.rest()]

    def _frame(self, event: Any, at_ms: int) -> Element:
        self.kept += 1
        told = {"received_at": at_ms, "monotonic_ms": int(time.monotonic() * 1000), "event": event}
        return self._numbered(self.kept, at_ms, told)

    def _numbered(self, number: int, at_ms: int, told: Mapping[str, Any]) -> Element:
        return self._element("realtime.frame", f"frame:{number}", at_ms, {"seq": number, **told})

    def opened(self, url: str, status: int) -> Element:
        """The socket opened (101), or was refused."""
        return self._element(
            "realtime.socket.opened", "opened", self._now_ms(), {"url": url, "http_status": status}
        )

    def closed(self, close: Mapping[str, Any]) -> Element:
        """The socket closed, with both close frames."""
        return self._element("realtime.socket.closed", "closed", self._now_ms(later=1), close)

    def started(self, since: float | None = None) -> Element:
        """We began to watch the session; somebody else had left it, `since` when nobody did."""
        told = {"observer": self.observer, **({} if since is None else _unwatched(since))}
        return self._element("realtime.observer.started", "started", self._now_ms(), told)

    def stopped(self, reason: str) -> Element:
        """We leave the session, for a reason of one word."""
        told = {"observer": self.observer, "reason": reason}
        return self._element("realtime.observer.stopped", "stopped", self._now_ms(later=1), told)

    def lost(self, since: float, connection: str | None) -> Element:
        """Whoever watched before us on another socket did not say that he left; we do from now on."""
        told = {"observer": self.observer, "connection_id": connection, **_unwatched(since)}
        return self._element("realtime.observer.lost", "lost", self._now_ms(), told)

    def _now_ms(self, later: int = 0) -> int:
        self._last_ms = max(int(time.time() * 1000), self._last_ms + later)
        return self._last_ms

    def _element(self, type_: str, name: str, at_ms: int, told: Mapping[str, Any]) -> Element:
        element: Element = {
            "specversion": "1.0",
            "id": f"{self.id}:{name}",
            "source": OBSERVER,
            "type": type_,
            "subject": f"openai:{self.call_id}",
            "data": {"call_id": self.call_id, "connection_id": self.id, **told},
        }
        if not isinstance(told.get("event"), Mapping):  # an event has its moment in `received_at`
            element["time"] = iso(at_ms / 1000)
        return element


def _unwatched(since: float) -> Element:
    return {"since": iso(since), "unwatched_s": round(max(0.0, time.time() - since), 3)}


def _as_it_is(event: Mapping[str, Any]) -> Mapping[str, Any]:
    return event
