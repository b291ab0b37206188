"""Calls with more than one leg beside the caller's: a second AI leg and session, and legs to people."""

from callstore.domain.facts import events as ev
from tests.builders import AI, CHILD, PARENT, Story
from tests.findings.stories import ZERO

SECOND, PERSON = "CA" + "d" * 32, "CA" + "f" * 32
SECOND_AI = "rtc_u2_story"
OPENAI = "sip:proj_x@sip.api.openai.com;transport=tls"
DESK = "+15550100"


def dialled(story: Story, sid: str, to: str, *steps: tuple[str, str]) -> Story:
    """A leg that the caller's leg dialled, by its statuses and their times."""
    for sequence, (status, clock) in enumerate(steps):
        story.leg(
            sid, status, clock, direction="outbound-dial", parent=PARENT, called=to, sequence=sequence,
            sip_code=None if status in ("initiated", "ringing", "in-progress") else 200,
        )  # fmt: skip
    return story


def dial_over(story: Story, clock: str, child: str, *, status="in-progress", of="completed") -> Story:
    """The <Dial action> request about a leg."""
    path = f"/dial/{child[-1]}"
    event = ev.DialFinished(path=path, status=status, child=child, dial_status=of, direction="inbound")
    return story.add(f"twilio:{PARENT}", event, clock)


def told(story: Story, event: ev.Event, clock: str, session: str = SECOND_AI, **fields) -> Story:
    """A fact of a session."""
    return story.add(f"openai:{session}", event, clock, source="app", **fields)


def first_conversation() -> Story:
    """The AI leg from 00:18:23 to 00:18:52, a turn in it, and its socket cut with it; the call goes on."""
    story = Story().asked("00:17:52.3").answered("00:17:52.2", "Dial", "Sip", path="/voice", asked="voice")
    dialled(story, CHILD, OPENAI, ("initiated", "00:18:17"), ("ringing", "00:18:18"))
    story.offered("00:18:17", parent=PARENT)
    dialled(story, CHILD, OPENAI, ("in-progress", "00:18:23"))
    story.turn("item_1", "00:18:30", "00:18:33", ZERO, "A person, please.")
    story.api("00:18:18", "accept")
    dialled(story, CHILD, OPENAI, ("completed", "00:18:52"))
    return story.socket_closed("00:18:52.6", 1006)


def asks_for_a_person(story: Story, clock="00:18:52.8", path="/people") -> Story:
    """Twilio asks for the TwiML that our REST call named."""
    return story.asked(clock, path=path, status="in-progress")


def second_conversation(story: Story) -> Story:
    """Another AI leg from 00:19:20 to 00:19:50 with a session of its own, in which the agent finishes."""
    dialled(story, SECOND, OPENAI, ("initiated", "00:19:15"))
    offered = ev.SessionOffered(api="realtime", child=SECOND, parent=PARENT)
    story.add(f"openai:{SECOND_AI}", offered, "00:19:15", source="openai", precision=1000)
    dialled(story, SECOND, OPENAI, ("in-progress", "00:19:20"))
    start = ev.SpeechStarted(connection="conn_2", kind="speech_started", item="item_9", audio_ms=5000.0)
    text = ev.TurnTranscribed(
        connection="conn_2", kind="completed", item="item_9", final=True, text="No thank you."
    )
    told(story, start, "00:19:25", sequence=1)
    told(story, text, "00:19:28", sequence=2)
    tool = ev.ToolCalled(connection="conn_2", kind="done", name="finish_session")
    told(story, tool, "00:19:45", sequence=3)
    told(story, ev.ApiCalled(action="hangup", status=200), "00:19:49")
    dialled(story, SECOND, OPENAI, ("completed", "00:19:50"))
    return dial_over(story, "00:19:50.6", SECOND)


def ids() -> tuple[str, str]:
    """The two sessions, in the order of the calls."""
    return AI, SECOND_AI
