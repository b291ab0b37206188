"""Facts as sentences: `story.child("in-progress", "00:18:23", sequence=2)`. A test then reads like a log."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

from callstore.domain.facts import events as ev
from callstore.domain.facts.clock import Clock, Instant, unix
from callstore.domain.facts.record import Record
from callstore.domain.facts.spans import clamp, merge

PARENT = "CA" + "a" * 32
CHILD = "CA" + "b" * 32
AI = "rtc_u1_story"
RECORDING = "RE" + "c" * 32
TRANSCRIPTION = "GT" + "e" * 31
DAY = "2026-04-13T"


def at(clock: str) -> float:
    """`00:18:23.4` of the story's day as Unix seconds."""
    return unix(f"{DAY}{clock}+00:00")


def clock(seconds: float) -> str:
    """Seconds after midnight as `00:18:23.400`."""
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


@dataclass
class Story:
    """A call told fact by fact. Positions count up in the order of telling."""

    records: list[Record] = field(default_factory=list)
    _count: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _seq: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def add(
        self,
        subject: str,
        event: ev.Event,
        clock: str,
        *,
        source="twilio",
        key=None,
        sequence=None,
        precision=1,
    ) -> Story:
        position = next(self._count)
        whose = {
            "twilio": Clock.PROVIDER,
            "openai": Clock.PROVIDER,
            "app": Clock.APP,
            "audio": Clock.RECEIVER,
            "operator": Clock.RECEIVER,
        }
        self.records.append(
            Record(
                position=position,
                source=source,
                subject=subject,
                key=key or f"k{position}",
                event=event,
                occurred=Instant(at(clock), whose[source], precision),
                received_at=at(clock) + 0.4,
                sequence=sequence,
            )
        )
        return self

    def leg(self, sid: str, status: str, clock: str, *, sequence=None, **fields) -> Story:
        event = ev.LegStatus(status=status, **fields)
        key = f"status:{sequence}:{status}"
        return self.add(f"twilio:{sid}", event, clock, key=key, sequence=sequence, precision=1000)

    def parent(self, status: str, clock: str, **fields) -> Story:
        return self.leg(PARENT, status, clock, direction="inbound", **fields)

    def child(self, status: str, clock: str, **fields) -> Story:
        return self.leg(CHILD, status, clock, direction="outbound-dial", parent=PARENT, **fields)

    def asked(self, clock: str, path="/voice", status="ringing") -> Story:
        event = ev.FlowAsked(path=path, status=status, direction="inbound")
        return self.add(f"twilio:{PARENT}", event, clock)

    def dial_action(self, clock: str, status="in-progress", dial_status="completed") -> Story:
        event = ev.DialFinished(
            path="/dial", status=status, child=CHILD, dial_status=dial_status, direction="inbound"
        )
        return self.add(f"twilio:{PARENT}", event, clock)

    def answered(self, clock: str, *verbs: str, path="/dial", asked="dial", **fields) -> Story:
        event = ev.FlowAnswered(path=path, asked=asked, http_status=200, verbs=verbs, **fields)
        return self.add(f"twilio:{PARENT}", event, clock, source="app")

    def offered(self, clock: str, **fields) -> Story:
        event = ev.SessionOffered(api="realtime", child=CHILD, **fields)
        return self.add(f"openai:{AI}", event, clock, source="openai", precision=1000)

    def frame(
        self, cls: type, clock: str, kind: str = "frame", connection: str = "conn_1", **fields
    ) -> Story:
        sequence = next(self._seq)
        event = cls(connection=connection, kind=kind, **fields)
        key = f"frame:{connection}:{sequence}"
        return self.add(f"openai:{AI}", event, clock, source="app", key=key, sequence=sequence)

    def reflected(self, start: str, end: str, *speech: tuple[str, str], side: str = "caller") -> Story:
        """What the sideband reflected of one side from `start` to `end`, a fact a second."""
        begin, until = at(start), at(end)
        for number in range(max(1, math.ceil(until - begin))):
            first, last = begin + number, min(begin + number + 1, until)
            spoken = tuple(
                (round(a - first, 3), round(b - first, 3))
                for a, b in clamp(merge((at(a), at(b)) for a, b in speech), first, last)
            )
            self.frame(
                ev.AudioReflected, _later(start, last - begin), kind="session.input_audio.append",
                side=side, duration_s=last - first, speech=spoken,
            )  # fmt: skip
        return self

    def lose(self, frames: int) -> Story:
        """So many frames of the session never came."""
        for _ in range(frames):
            next(self._seq)
        return self

    def turn(self, item: str, start: str, stop: str, zero: str, text: str | None = None) -> Story:
        """A turn heard from `start` to `stop`, the session's audio having begun at `zero`."""
        begin, end = (at(start) - at(zero) - 0.3) * 1000, (at(stop) - at(zero) + 0.5) * 1000
        self.frame(ev.SpeechStarted, _later(start, 0.2), item=item, audio_ms=begin)
        self.frame(ev.SpeechStopped, _later(stop, 0.5), item=item, audio_ms=end)
        self.frame(ev.TurnCommitted, _later(stop, 0.5), item=item)
        if text is not None:
            self.frame(ev.TurnTranscribed, _later(stop, 0.9), item=item, final=True, text=text)
        return self

    def tool(self, clock: str, name="finish_session") -> Story:
        return self.frame(ev.ToolCalled, clock, name=name)

    def socket_opened(self, clock: str, http_status=101, connection="conn_1") -> Story:
        event = ev.SocketOpened(connection=connection, http_status=http_status)
        return self.add(f"openai:{AI}", event, clock, source="app")

    def socket_closed(self, clock: str, code: int, **frames) -> Story:
        """`received`, `sent`, `received_first` and `reason` as the observer told them."""
        event = ev.SocketClosed(connection="conn_1", code=code, **frames)
        return self.add(f"openai:{AI}", event, clock, source="app")

    def api(self, clock: str, action: str, status=200) -> Story:
        return self.add(f"openai:{AI}", ev.ApiCalled(action=action, status=status), clock, source="app")

    def written(
        self, clock: str, text: str | None, *, leg=PARENT, track="inbound_track", final=True
    ) -> Story:
        """Words that Twilio's transcription of a leg gave at that moment."""
        sid = TRANSCRIPTION + leg[-1]
        event = ev.WordsHeard(transcription=sid, track=track, final=final, text=text)
        sequence = next(self._seq)
        return self.add(f"twilio:{leg}", event, clock, key=f"words:{sid}:{sequence}", sequence=sequence)

    def watched(self, clock: str, state="started", *, leg=PARENT, **fields) -> Story:
        event = ev.WordsWatched(transcription=TRANSCRIPTION + leg[-1], state=state, **fields)
        return self.add(f"twilio:{leg}", event, clock)

    def heard(self, start: str, end: str, *caller: tuple[str, str], agent=(), echo=(), channels=2) -> Story:
        """A recording from `start` to `end` in which the caller spoke in the given stretches."""

        def spans(given):
            return tuple((at(s) - at(start), at(e) - at(start)) for s, e in given)

        duration = at(end) - at(start)
        status = ev.RecordingStatus(
            recording=RECORDING,
            status="completed",
            channels=channels,
            started_at=at(start),
            duration_s=int(duration),
        )
        self.add(f"twilio:{PARENT}", status, end)
        analysed = ev.RecordingAnalysed(
            recording=RECORDING, analyser="test/1", duration_s=duration, sample_rate=8000, channels=channels,
            sha256="0", media="m", peaks="p", caller=spans(caller), agent=spans(agent), echo=spans(echo),
        )  # fmt: skip
        return self.add(f"twilio:{PARENT}", analysed, end, source="audio")


def _later(moment: str, by: float) -> str:
    return clock((at(moment) + by) % 86400)


def answered_call(*, child_end="00:18:52", parent_end="00:18:52") -> Story:
    """An inbound call whose AI leg was answered at 00:18:23 and ended; nothing more."""
    return (
        Story()
        .asked("00:17:52.3")
        .child("initiated", "00:18:17", sequence=0)
        .offered("00:18:17")
        .child("ringing", "00:18:18", sequence=1)
        .child("in-progress", "00:18:23", sequence=2)
        .child("completed", child_end, sequence=3, duration_s=29, sip_code=200)
        .parent("completed", parent_end, sequence=0, duration_s=60)
    )


def rich_story() -> Story:
    """An answered call with turns, replies, a tool, a close, a recording, and two endings of its AI leg."""
    story = answered_call().dial_action("00:18:52.5").answered("00:18:52.45", "Hangup")
    story.turn("item_1", "00:18:29", "00:18:33", "00:18:23", "Hello").turn(
        "item_2", "00:18:37", "00:18:38", "00:18:23"
    )
    story.frame(ev.ReplySpoken, "00:18:34", response="r", text="a").frame(
        ev.ReplySpoken, "00:18:34", response="r", text="b"
    )
    story.tool("00:18:50").api("00:18:51", "hangup").socket_closed(
        "00:18:51.5", 1000, received=1000, sent=1000
    )
    story.child("busy", "00:18:52", sequence=4)
    return story.heard("00:18:23", "00:18:52", ("00:18:29", "00:18:33"))
