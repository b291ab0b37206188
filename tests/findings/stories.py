"""Whole calls of a few kinds, for rules to look at."""

from callstore.domain.facts import events as ev
from tests.builders import Story, answered_call

ZERO = "00:18:23.3"


def conversation() -> Story:
    """Answered at 00:18:23, one turn said and written down, the leg ended at 00:18:52, caller still there."""
    story = answered_call().dial_action("00:18:52.4")
    story.frame(
        ev.SessionConfigured, "00:18:23.8", kind="session.created", session="sess_1", transcription="whisper"
    )
    return story.turn("item_1", "00:18:30", "00:18:33", ZERO, "This is Kishi.")


def cut_off() -> Story:
    """The founding pattern: the AI's last sign is at 00:18:39, the caller speaks from 00:18:41 to the end."""
    story = conversation().frame(
        ev.PlaybackChanged, "00:18:39", kind="output_audio_buffer.stopped", response="r", state="stopped"
    )
    spoken = ("00:18:30", "00:18:33"), ("00:18:41", "00:18:52")
    return story.heard("00:18:23", "00:18:52", *spoken)


def finished() -> Story:
    """The agent's finish tool, our hang-up, a clean close."""
    story = conversation().tool("00:18:48").api("00:18:51.5", "hangup")
    story.socket_closed("00:18:51.8", 1000, received=1000, sent=1000)
    return story.heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"))


def left() -> Story:
    """The caller hung up: the dial action finds the parent completed."""
    story = answered_call().dial_action("00:18:52.4", status="completed")
    story.turn("item_1", "00:18:30", "00:18:33", ZERO, "Wrong number.")
    return story.socket_closed("00:18:52.2", 1006)


def dropped(received: int | None = 1011, end="00:18:52") -> Story:
    """The socket closes at 00:18:51 inside a turn that opened at 00:18:45."""
    story = answered_call(child_end=end, parent_end=end).dial_action(end + ".4")
    story.turn("item_1", "00:18:30", "00:18:33", ZERO, "Hello.")
    story.frame(ev.SpeechStarted, "00:18:45.2", item="item_2", audio_ms=21400.0)
    return story.socket_closed("00:18:51", received or 1006, received=received)


def failed() -> Story:
    """A failed response, then a close, then some seconds of nothing."""
    story = conversation().frame(
        ev.ReplyFinished, "00:18:47", response="r", status="failed", error_type="server_error"
    )
    return story.socket_closed("00:18:47.5", 1000, received=1000, sent=1000)


def refused(sip_code: int | None = 486) -> Story:
    """The AI's endpoint is busy."""
    story = Story().asked("00:17:52.3").child("initiated", "00:18:17", sequence=0)
    story.child("busy", "00:18:18", sequence=1, sip_code=sip_code, duration_s=0)
    return story.dial_action("00:18:18.4", dial_status="busy").parent("completed", "00:18:20", sequence=0)
