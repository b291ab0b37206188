"""What an observer has to tell, as the CloudEvents by which a forwarder would tell of the same.

So there is one reading of both (ingest/dialects/app), and one key of each fact.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import orjson

from callstore.domain.facts.clock import iso
from ingest.dialects.app.cloudevent import OBSERVER
from ingest.dialects.openai import frames

LARGEST = 1024 * 1024  # bytes of an event that are kept: as much as a door takes would fit beside it

Element = dict[str, Any]  # a CloudEvent


@dataclass(slots=True)
class Connection:
    """One socket of an observer on the session `call_id` (`rtc_…`, `live_…`), as it is told of.

    `id` is new with each socket; its frames are numbered from 1 on. What it tells is in order by its moments,
    too: no clock that is set back, and no millisecond that has both a frame and the close, turns it round.
    """

    call_id: str
    observer: str
    id: str = field(default_factory=lambda: f"watch_{uuid4().hex[:20]}")
    frames: int = 0
    closing: bool = False  # the session has said itself that it is over
    _last_ms: int = 0

    def frame(self, raw: bytes) -> Element:
        """A server event as it came, stamped and numbered; what is no JSON object is told as text."""
        self.frames += 1
        event = _event(raw)
        if isinstance(event, dict) and event.get("type") == "session.closed":
            self.closing = True
        at_ms = self._now_ms()
        told = {"seq": self.frames, "received_at": at_ms, "monotonic_ms": int(time.monotonic() * 1000)}
        return self._element("realtime.frame", f"frame:{self.frames}", at_ms, told | {"event": event})

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
        return {
            "specversion": "1.0",
            "id": f"{self.id}:{name}",
            "source": OBSERVER,
            "type": type_,
            "time": iso(at_ms / 1000),
            "subject": f"openai:{self.call_id}",
            "data": {"call_id": self.call_id, "connection_id": self.id, **told},
        }


def _unwatched(since: float) -> Element:
    return {"since": iso(since), "unwatched_s": round(max(0.0, time.time() - since), 3)}


def _event(raw: bytes) -> Any:
    """The event without its audio, in a size that can be kept; text where it is no JSON that can be kept."""
    try:
        event = orjson.loads(raw)
        if not isinstance(event, dict):
            return raw[:LARGEST].decode(errors="replace")
        if len(raw) > LARGEST // 64:  # only what is large is worth another look
            event = frames.without_audio(event)
            if len(orjson.dumps(event)) > LARGEST:
                return _curtailed(event, len(raw))
        return event
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return raw[:LARGEST].decode(errors="replace")


def _curtailed(event: Mapping[str, Any], length: int) -> Element:
    """What is short in an event that is far too long, and how long it was."""
    short = {name: value for name, value in event.items() if len(orjson.dumps(value)) < 1024}
    return {**short, "left_out_of_bytes": length}
