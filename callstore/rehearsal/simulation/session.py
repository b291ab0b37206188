"""The AI's side of a call, as the Realtime API tells it (platform.openai.com/docs/api-reference/realtime).

Each method plays one thing and moves `now` to its end.
"""

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from callstore.rehearsal.simulation.cast import Line
from callstore.rehearsal.simulation.configuration import PREFIX_S, configuration
from callstore.rehearsal.simulation.legs import Legs
from callstore.rehearsal.simulation.phrases import pieces
from callstore.rehearsal.simulation.socket import Socket
from callstore.rehearsal.simulation.speech import Pace, Utterance, by_letters
from callstore.rehearsal.simulation.stage import Stage

Text = Literal["given", "failed", "late"]
ONSET_S = 0.2  # what a detector needs of speech before it says so
ON_THE_LINE_S = 0.05  # what is still heard of a playback that was cleared
LEAST_CUT_S = 0.5  # of a reply; what ends sooner has ended before the detector speaks
WORD_S = 0.04  # text comes far faster than it is spoken


@dataclass
class Session:
    """One Realtime session, from the moment the child leg was answered.

    `spoken` is who said what when; the detector places an edge of speech some `jitter_s` off.
    """

    stage: Stage
    line: Line
    socket: Socket
    pace: Pace = by_letters
    jitter_s: float = 0.0
    now: float = 0.0
    spoken: list[Utterance] = field(default_factory=list)
    plays: str | None = None  # a response that the caller is to cut off
    _zero: float = 0.0  # when its audio began
    _last_item: str | None = None

    def offer(self, at: float, legs: Legs) -> None:
        """OpenAI tells our application of the INVITE."""
        headers = legs.invite()
        listed = [{"name": name, "value": value} for name, value in headers.items()]
        data = {"call_id": self.socket.call, "sip_headers": listed}
        self.stage.openai(at, "realtime.call.incoming", data)

    def accept(self, at: float) -> None:
        self.socket.calls(at, "accept")
        self.socket.tells(at + 0.2, "app.log", {"level": "info", "message": "accepted incoming call"})

    def open(self, answered: float) -> None:
        """The application attaches, and the session says what it is."""
        self._zero = answered + self.stage.rng.uniform(-0.05, 0.1)
        session = configuration(self.line, self.stage.ids.openai("sess"), answered)
        self.socket.opens(answered + 0.3)
        self.socket.hears(answered + 0.4, "session.created", session=session)
        self.socket.says(answered + 0.45, "session.update", session={"type": "realtime"})
        self.socket.hears(answered + 0.5, "session.updated", session=session)
        self.now = answered + 0.6

    def replies(self, text: str, heard: float = 1.0) -> None:
        """The agent answers. After this share of it the caller cuts in, if there is that much left to cut."""
        response, item = self._begins("message")
        at = self.now + 0.25
        place = {"response_id": response, "item_id": item, "output_index": 0, "content_index": 0}
        part = {"type": "audio", "transcript": ""}
        self.socket.hears(at, "response.content_part.added", **place, part=part)
        self.socket.hears(at + 0.05, "output_audio_buffer.started", response_id=response)
        began = at + 0.05
        for word in pieces(text):
            at += WORD_S
            self.socket.hears(at, "response.output_audio_transcript.delta", **place, delta=word)
        self.socket.hears(at + 0.1, "response.output_audio.done", **place)
        self.socket.hears(at + 0.11, "response.output_audio_transcript.done", **place, transcript=text)
        content = [{"type": "output_audio", "transcript": text}]
        self._ends(
            at + 0.15, response, {"id": item, "type": "message", "role": "assistant", "content": content}
        )
        length = self.pace("agent", text, self.line.language)
        self.spoken.append(Utterance("agent", text, began, began + length))
        self.now = max(at + 0.4, began + heard * length)
        if self.now + LEAST_CUT_S < began + length:
            self.plays = response
        else:
            self.now = max(self.now, began + length)
            self.socket.hears(self.now, "output_audio_buffer.stopped", response_id=response)

    def hears(self, text: str, outcome: Text = "given") -> None:
        """The caller speaks, stops, and is written down, or not."""
        item = self._hears_begin()
        self._speaks(text, written=outcome == "given")
        silence = self.line.agent.silence_ms / 1000
        stopped = self.now + silence + self.stage.rng.uniform(0.02, 0.08)
        end = self._offset_ms(self.now + silence)
        self.socket.hears(stopped, "input_audio_buffer.speech_stopped", audio_end_ms=end, item_id=item)
        self.socket.hears(
            stopped + 0.01, "input_audio_buffer.committed", previous_item_id=self._last_item, item_id=item
        )
        heard = [{"type": "input_audio", "transcript": None}]
        self._item(stopped + 0.02, {"id": item, "type": "message", "role": "user", "content": heard})
        self.now = stopped
        if outcome != "late":
            self._transcribed(stopped + self.stage.rng.uniform(0.3, 1.1), item, text, outcome)

    def hears_open(self, text: str) -> None:
        """The caller begins to speak and is not heard to the end."""
        self._hears_begin()
        self._speaks(text, written=False)

    def misses(self, text: str) -> None:
        """The caller speaks, and nobody hears it."""
        self._speaks(text, heard=False, written=False)

    def _speaks(self, text: str, *, heard: bool = True, written: bool) -> None:
        started, length = self.now, self.pace("caller", text, self.line.language)
        self.now += max(0.8, length)
        self.spoken.append(Utterance("caller", text, started, started + length, heard, written))

    def calls_finish(self, told: bool) -> None:
        """The model calls its finish tool; where `told`, the application says so itself, too."""
        tool, reason = self.line.agent.finish, '{"reason":"caller_done"}'
        call = self.stage.ids.openai("call")
        response, item = self._begins("function_call", name=tool, call_id=call, arguments="")
        at = self.now + 0.3
        place = {"response_id": response, "item_id": item, "output_index": 0, "call_id": call}
        self.socket.hears(at, "response.function_call_arguments.delta", **place, delta=reason)
        self.socket.hears(
            at + 0.05, "response.function_call_arguments.done", **place, name=tool, arguments=reason
        )
        done = {"id": item, "type": "function_call", "name": tool, "call_id": call, "arguments": reason}
        self._ends(at + 0.1, response, done)
        if told:
            said = {"message": f"{tool} tool ran", "reason": "caller_done"}
            self.socket.tells(at + 0.15, "app.session_finished", said)
        output = {"type": "function_call_output", "call_id": call, "output": '{"ok":true}'}
        self.socket.says(at + 0.2, "conversation.item.create", item=output)
        self.socket.says(at + 0.21, "response.create")
        self.now = at + 0.3

    def fails(self) -> None:
        """A response fails on the server's side, and the session says so."""
        response, _ = self._begins("message")
        error = {"type": "server_error", "code": None, "message": "The server had an error."}
        details = {"type": "failed", "error": error}
        failed = _response(response, "failed", details)
        self.socket.hears(self.now + 0.4, "response.done", response={**failed, "output": [], "usage": None})
        self.socket.hears(self.now + 0.6, "error", error={**error, "param": None, "event_id": None})
        self.now += 0.8

    def _hears_begin(self) -> str:
        item = self.stage.ids.openai("item")
        start = self._offset_ms(self.now - PREFIX_S)
        at = self.now + ONSET_S + self.stage.rng.uniform(0.02, 0.1)
        self.socket.hears(at, "input_audio_buffer.speech_started", audio_start_ms=start, item_id=item)
        if self.plays:
            cleared = at + 0.03
            self.socket.hears(cleared, "output_audio_buffer.cleared", response_id=self.plays)
            self.spoken[-1] = replace(self.spoken[-1], end=cleared + ON_THE_LINE_S, cut=True)
            self.plays = None
        return item

    def _offset_ms(self, at: float) -> int:
        """A moment as the detector places it in the session's audio."""
        off = self.stage.rng.gauss(0.0, self.jitter_s) if self.jitter_s else 0.0
        return max(0, round((at + off - self._zero) * 1000))

    def _transcribed(self, at: float, item: str, text: str, outcome: Text) -> None:
        kind = "conversation.item.input_audio_transcription"
        if outcome == "failed":
            error = {
                "type": "server_error",
                "code": None,
                "message": f"Input transcription failed for item {item}",
            }
            self.socket.hears(at, f"{kind}.failed", item_id=item, content_index=0, error=error)
            return
        place: dict[str, Any] = {"item_id": item, "content_index": 0}
        self.socket.hears(at, f"{kind}.delta", **place, delta=text)
        usage = {
            "type": "tokens",
            "total_tokens": 12 + len(text),
            "input_tokens": 12,
            "output_tokens": len(text),
        }
        self.socket.hears(at + 0.02, f"{kind}.completed", **place, transcript=text, usage=usage)

    def _begins(self, kind: str, **more: Any) -> tuple[str, str]:
        """A response with its one item."""
        response, item = self.stage.ids.openai("resp"), self.stage.ids.openai("item")
        begun = _response(response, "in_progress")
        self.socket.hears(
            self.now + 0.03, "response.created", response={**begun, "output": [], "usage": None}
        )
        added = {"id": item, "type": kind, "status": "in_progress", **more}
        self.socket.hears(
            self.now + 0.2, "response.output_item.added", response_id=response, output_index=0, item=added
        )
        return response, item

    def _ends(self, at: float, response: str, item: dict[str, Any]) -> None:
        done = {**item, "status": "completed"}
        self.socket.hears(at, "response.output_item.done", response_id=response, output_index=0, item=done)
        self._item(at + 0.01, item)
        usage = {"total_tokens": 260, "input_tokens": 180, "output_tokens": 80}
        ended = _response(response, "completed")
        self.socket.hears(at + 0.03, "response.done", response={**ended, "output": [done], "usage": usage})

    def _item(self, at: float, item: dict[str, Any]) -> None:
        done, before = {**item, "status": "completed"}, self._last_item
        for step, kind in enumerate(("conversation.item.added", "conversation.item.done")):
            self.socket.hears(at + step / 100, kind, previous_item_id=before, item=done)
        self._last_item = item["id"]


def _response(id: str, status: str, details: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"object": "realtime.response", "id": id, "status": status, "status_details": details}
