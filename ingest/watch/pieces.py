"""Pieces of one utterance that came one after the other on one socket, kept as one event while they wait.

A piece is a few letters, and to keep it costs several times what it takes to receive it. Where the log keeps
up each is an event of its own; where it does not, those that still wait are joined, so that what is behind is
brought up in fewer rows. Nothing is left out: each has its moments and all that was its own in `pieces`.
"""

from collections.abc import Callable, Mapping
from typing import Any

# Server events that say a little more of what one before them began, in `delta` (openai SDK, types/realtime).
KINDS = frozenset(
    {
        "conversation.item.input_audio_transcription.delta",
        "response.output_audio_transcript.delta",
        "response.output_text.delta",
        "response.function_call_arguments.delta",
        "response.mcp_call_arguments.delta",
        "response.audio_transcript.delta",  # beta
        "response.text.delta",  # beta
    }
)
OF_ALL = ("type", "response_id", "item_id", "output_index", "content_index")
SHARED = frozenset(OF_ALL)
MOST = 16  # a wait for the database does not grow an event for ever

Utterance = tuple[object, ...]
Element = dict[str, Any]  # a CloudEvent


def utterance_of(event: Mapping[str, Any]) -> Utterance | None:
    """What a server event is a piece of; None for what is no piece."""
    get = event.get
    if str(get("type")) in KINDS and isinstance(get("delta"), str):
        return tuple(map(get, OF_ALL))
    return None


class Pieces:
    """The pieces of one utterance that are to be one event, until a batch takes them.

    `began` says that the first of an utterance is among them: it is kept alone, since its moment is when
    somebody began to speak. The event's own moment is that of its last piece. `frame` makes the event, of
    the moment in ms and the frame's data.
    """

    __slots__ = ("_began", "_came", "_events", "_frame", "taken", "utterance")

    def __init__(
        self, utterance: Utterance, began: bool, frame: Callable[[int, Mapping[str, Any]], Element]
    ) -> None:
        self.utterance, self._began, self._frame = utterance, began, frame
        self.taken = False
        self._events: list[Mapping[str, Any]] = []
        self._came: list[tuple[int, int]] = []  # by the clock, and monotonic (ms)

    def has_room_for(self, utterance: Utterance) -> bool:
        """Whether a piece of this utterance, which comes next on the socket, may join."""
        return not (self.taken or self._began) and utterance == self.utterance and len(self._events) < MOST

    def add(self, event: Mapping[str, Any], at_ms: int, monotonic_ms: int) -> None:
        """One more."""
        self._events.append(event)
        self._came.append((at_ms, monotonic_ms))

    def element(self) -> Element:
        """The frame: its event as it came, or one in place of several, which stand in `pieces` then."""
        at_ms, monotonic_ms = self._came[-1]
        told: dict[str, Any] = {"received_at": at_ms, "monotonic_ms": monotonic_ms}
        if len(self._events) == 1:
            return self._frame(at_ms, told | {"event": self._events[0]})
        shared = dict(zip(OF_ALL, self.utterance, strict=True))
        event = {name: value for name, value in shared.items() if value is not None}
        event["delta"] = "".join(event["delta"] for event in self._events)
        pieces = [
            {"received_at": at, "monotonic_ms": monotonic} | _own(each)
            for each, (at, monotonic) in zip(self._events, self._came, strict=True)
        ]
        return self._frame(at_ms, told | {"event": event, "pieces": pieces})


def _own(event: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name not in SHARED}
