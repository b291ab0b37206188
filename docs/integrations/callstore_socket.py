"""Tells callstore what passes on a websocket to an AI session. Copy this file beside callstore_client.py."""

import json
import logging
from collections import deque
from datetime import datetime, timezone
from uuid import uuid4

log = logging.getLogger("callstore_client")
# Base64 sound by event: it is in the recording, and its length is enough. What Live reflects is sent whole.
SOUND = {
    "response.output_audio.delta": "delta",
    "response.audio.delta": "delta",
    "input_audio_buffer.append": "audio",
}


class Socket:
    """One websocket to an AI session: what passes on it is numbered, stamped and told.

    `call_id` is rtc_… or live_…; of a socket of your own making it is read from session.created. `about`
    goes with every event: twilio_call_sid and stream_sid join a session without SIP headers to its call.
    """

    def __init__(self, callstore, call_id=None, **about):
        self._callstore, self._call_id, self._about = callstore, call_id, about
        self._connection, self._numbers, self._over = uuid4().hex, {"frame": 0, "sent": 0}, False
        self._early = deque(maxlen=100)  # what came before the id was known

    def opened(self, url, http_status=101):
        """The handshake was answered."""
        self._tell("socket.opened", {"url": url, "http_status": http_status})

    def received(self, event):
        """A server event came: a dict, or JSON as it came."""
        self._frame("frame", event)

    def sent(self, event):
        """A client event was sent; base64 sound is left out."""
        self._frame("sent", event)

    def closed(self, by=None):
        """The socket closed; `by` is what `websockets` raised, or its connection. The first one counts."""
        if self._over:
            return
        self._over, protocol = True, getattr(by, "protocol", None)
        frames = {}
        for name in ("rcvd", "sent"):
            frame = getattr(by, name, None) or getattr(protocol, f"close_{name}", None)
            frames[name] = frame and {"code": frame.code, "reason": frame.reason}
        first = getattr(by, "rcvd_then_sent", getattr(protocol, "close_rcvd_then_sent", None))
        lost = {"code": getattr(by, "close_code", None), "reason": None}  # 1006, where no frame passed
        shown = frames["rcvd"] or frames["sent"] or lost
        self._tell("socket.closed", {**shown, **frames, "rcvd_then_sent": first})

    def _frame(self, word, event):
        try:
            event = json.loads(event) if isinstance(event, (str, bytes)) else dict(event)
            if word == "frame" and self._call_id is None and event["type"] == "session.created":
                self._call_id = event["session"]["id"]
            field = SOUND.get(event["type"])
            if field and isinstance(event.get(field), str):
                event.update({field: None, f"{field}_length": len(event[field])})
            number, self._numbers[word] = self._numbers[word], self._numbers[word] + 1
            at = int(datetime.now(timezone.utc).timestamp() * 1000)
            self._tell(word, {"seq": number, "received_at": at, "event": event})
        except Exception as error:  # whatever it was, the session must not suffer from it
            log.debug("a frame could not be told: %r", error)

    def _tell(self, word, data):
        self._early.append((word, {"connection_id": self._connection, **self._about, **data}))
        while self._call_id and self._early:
            word, data = self._early.popleft()
            data["call_id"] = self._call_id
            self._callstore.emit(f"realtime.{word}", data, f"openai:{self._call_id}")
