"""The application's socket to one Realtime session: server events as it forwards them, numbered."""

from typing import Any

from callstore.rehearsal.simulation.stage import Stage

# What a session says once more in parts: without them it is judged alike.
PARTS = frozenset(
    {
        "session.updated",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        "conversation.item.input_audio_transcription.delta",
        "response.created",
        "response.output_item.added",
        "response.output_item.done",
        "response.content_part.added",
        "response.content_part.done",
        "response.output_audio.done",
        "response.output_audio_transcript.delta",
        "response.function_call_arguments.delta",
    }
)


class Socket:
    """Forwards what passes on one connection, on a brief stage without PARTS. `call`: its id (`rtc_…`)."""

    def __init__(self, stage: Stage, region: str) -> None:
        ids = stage.ids
        self.stage = stage
        self.call = ids.openai(f"rtc_{region}")
        self.connection = f"conn_{ids.hexadecimal(12)}"
        self._heard = self._said = 0
        self._closed = False

    @property
    def subject(self) -> str:
        return f"openai:{self.call}"

    def opens(self, at: float) -> None:
        url = f"wss://api.openai.com/v1/realtime?call_id={self.call}"
        self.tells(at, "realtime.socket.opened", {**self._which, "url": url, "http_status": 101})

    def closes(self, at: float, code: int, reason: str, framed: bool) -> None:
        """A close, with the server's close frame answered by ours, or with no frame at all (1006)."""
        frame = {"code": code, "reason": reason} if framed else None
        self._closes(at, code, reason, frame, frame, True if framed else None)

    def is_closed_by_us(self, at: float, code: int, reason: str, answered: bool) -> None:
        """The application closes its socket, and is answered or not. What is said later nobody observes."""
        frame = {"code": code, "reason": reason}
        self._closes(at, code, reason, frame if answered else None, frame, False if answered else None)

    def _closes(self, at: float, code: int, reason: str, *frames: Any) -> None:
        received, sent, received_first = frames
        closed = {"code": code, "reason": reason, "rcvd": received, "sent": sent}
        told = {**self._which, **closed, "rcvd_then_sent": received_first}
        self.tells(at, "realtime.socket.closed", told)
        self._closed = True

    def hears(self, at: float, kind: str, **event: Any) -> None:
        """A server event. Neighbours may be stamped in another order than they were numbered in."""
        self._heard += 1
        if self.stage.brief and kind in PARTS:
            return
        received = at + self.stage.rng.uniform(0.0, 0.025)
        said = {"type": kind, "event_id": self.stage.ids.openai("event"), **event}
        self._frame(received, "realtime.frame", self._heard, said)

    def says(self, at: float, kind: str, **event: Any) -> None:
        """A client event that the application sent."""
        self._said += 1
        self._frame(at, "realtime.sent", self._said, {"type": kind, **event})

    def calls(self, at: float, action: str, status: int = 200) -> None:
        """A call to the Calls API about this call."""
        path = f"/v1/realtime/calls/{self.call}/{action}"
        request = {"method": "POST", "path": path, "status": status}
        request_id = f"req_{self.stage.ids.hexadecimal(32)}"
        self.tells(at, "realtime.api_call", {"call_id": self.call, **request, "request_id": request_id})

    def tells(self, at: float, kind: str, data: dict[str, Any]) -> None:
        """Any other fact of the application about this call."""
        self.stage.app(at, kind, self.subject, data)

    def _frame(self, at: float, kind: str, number: int, event: dict[str, Any]) -> None:
        if self._closed:
            return
        told = {**self._which, "seq": number, "received_at": int(at * 1000), "event": event}
        self.stage.app(at, kind, self.subject, told)

    @property
    def _which(self) -> dict[str, Any]:
        return {"call_id": self.call, "connection_id": self.connection}
