"""Calls in which no <Dial> joins caller and AI: conferences, media streams, trunks. Told fact by fact."""

from callstore.domain.facts import events as ev
from tests.builders import AI, CHILD, PARENT, Story, at, clock

CONFERENCE = "CF" + "d" * 32
STREAM = "MZ" + "f" * 32
SESS = "sess_Story"
PERSON = "CA" + "9" * 32


def met(story: Story, leg: str | None, what: str, moment: str, number: int | None, **fields) -> Story:
    """A conference callback, about a leg or (None) the conference, with Twilio's number of it."""
    event = ev.ConferenceChanged(conference=CONFERENCE, what=what, name=PARENT, **fields)
    return story.add(
        f"twilio:{leg or CONFERENCE}", event, moment, key=f"cf:{number}:{what}:{leg}", sequence=number,
        precision=1000,
    )  # fmt: skip


def conference(*, ai_end: str = "00:18:52", parent_end: str = "00:18:52") -> Story:
    """Caller and AI in one conference from 00:18:23, one turn said; how they left is yet to be told."""
    offer = ev.SessionOffered(api="realtime", child=CHILD, headers=("From", "X-conferenceName"))
    story = (
        Story()
        .asked("00:18:15.3")
        .answered("00:18:15.4", "Dial", "Conference", path="/voice", asked="voice")
        .leg(CHILD, "initiated", "00:18:17", sequence=0, direction="outbound-api", called="sip:p@o.example")
        .add(f"openai:{AI}", offer, "00:18:17", source="openai", precision=1000)
        .api("00:18:18", "accept")
        .leg(CHILD, "in-progress", "00:18:23", sequence=2, direction="outbound-api")
        .leg(CHILD, "completed", ai_end, sequence=3, direction="outbound-api", duration_s=29, sip_code=200)
        .parent("completed", parent_end, sequence=0, duration_s=36)
    )
    met(story, PARENT, "joined", "00:18:16", 1)
    met(story, CHILD, "joined", "00:18:23", 2)
    story.frame(ev.SessionConfigured, "00:18:23.8", kind="session.created", session="sess_1", model="gpt-r")
    return story.turn("item_1", "00:18:30", "00:18:33", "00:18:23.3", "This is Kishi.")


def stream_call(parent_end: str = "00:19:00") -> Story:
    """A caller connected to a stream from 00:18:20; the application holds the AI's socket itself."""
    story = (
        Story()
        .asked("00:18:18.3")
        .answered("00:18:18.4", "Connect", "Stream", path="/voice", asked="voice")
        .parent("completed", parent_end, sequence=1, duration_s=40)
    )
    streamed(story, "started", "00:18:20.1")
    session(story, ev.SocketOpened(connection="own", http_status=101), "00:18:20.4")
    frame(story, ev.SessionConfigured, "00:18:20.6", session=SESS, model="gpt-realtime-2")
    frame(story, ev.SpeechStarted, "00:18:31", item="i1", audio_ms=10_000)
    frame(story, ev.SpeechStopped, "00:18:33", item="i1", audio_ms=12_000)
    frame(story, ev.TurnCommitted, "00:18:33", item="i1")
    return frame(story, ev.TurnTranscribed, "00:18:33.6", item="i1", final=True, text="This is Kishi.")


def streamed(story: Story, state: str, moment: str, **fields) -> Story:
    event = ev.StreamStatus(stream=STREAM, state=state, **fields)
    return story.add(f"twilio:{PARENT}", event, moment)


def session(story: Story, event: ev.Event, moment: str) -> Story:
    return story.add(f"openai:{SESS}", event, moment, source="app")


def frame(story: Story, cls: type, moment: str, **fields) -> Story:
    return session(story, cls(connection="own", kind=cls.TYPE, **fields), moment)


def talking_until(story: Story, moment: str, since: str = "00:18:34") -> Story:
    """The session lives: an event every two seconds until the moment."""
    second = at(since)
    while second < at(moment):
        frame(story, ev.FrameSeen, clock(second - at("00:00:00")))
        second += 2.0
    return story


def trunk(host: str | None = "pstn.twilio.com", **fields) -> Story:
    """Nothing but the webhook and the session's frames."""
    offered = ev.SessionOffered(api="realtime", child=CHILD, came_from=host, **fields)
    story = Story().add(f"openai:{AI}", offered, "00:18:17", source="openai", precision=1000)
    story.api("00:18:18", "accept").socket_opened("00:18:18.4")
    story.frame(ev.SessionConfigured, "00:18:18.8", kind="session.created", session="sess_1", model="gpt-r")
    return story.turn("item_1", "00:18:30", "00:18:33", "00:18:18.3", "This is Kishi.")
