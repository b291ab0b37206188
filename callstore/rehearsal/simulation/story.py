"""One call, told: its deliveries in the order of their arrival, and what the teller meant by them."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from callstore.rehearsal.simulation import cast, notices, phrases
from callstore.rehearsal.simulation.endings import ENDINGS, Ending
from callstore.rehearsal.simulation.legs import Legs
from callstore.rehearsal.simulation.session import Session
from callstore.rehearsal.simulation.socket import Socket
from callstore.rehearsal.simulation.speech import Pace, by_letters
from callstore.rehearsal.simulation.stage import LOST, Stage
from ingest.providers.delivery import Delivery

ACCOUNT = "AC3f9d2c7a1b8e4056a7d1c0ffee202604"  # the demo's, and that of the recorded scenarios
SHORTEST_S, LONGEST_S = 15.0, 330.0  # of the conversation; with menu and ending at most LONGEST_STORY_S
LONGEST_STORY_S = 420.0
SUMMARISED, STREAMED = 0.25, 0.3  # shares of calls with Voice Insights, and with Event Streams
WARNED = 0.01  # share of calls whose callback we answered too slowly for Twilio's taste
REGIONS = ("u1", "u4", "u7")


@dataclass(frozen=True, slots=True)
class SimulatedCall:
    """`meant` is a label in the form of a scenario's `expect`."""

    deliveries: tuple[Delivery, ...]
    meant: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a call is told. `lasts_s` is the length of the talk before the ending, None as it mostly is."""

    pace: Pace = by_letters
    jitter_s: float = 0.0
    lasts_s: float | None = None
    lost: float = LOST
    brief: bool = False  # of some twenty events, for size


AS_MOSTLY, BRIEF = Manner(), Manner(lasts_s=1.0, brief=True)


@dataclass(frozen=True, slots=True)
class PlayedCall:
    """A call that was played to its end: its legs and its session know when everything happened."""

    ending: Ending
    legs: Legs
    session: Session
    summarised: bool

    @property
    def meant(self) -> dict[str, Any]:
        """Its label."""
        return _label(self)

    def told(self) -> SimulatedCall:
        """Its deliveries with its label. To be asked once."""
        return SimulatedCall(self.legs.stage.deliveries(), self.meant)


def story(
    rng: Random,
    at: float,
    truncated: bool | None = None,
    account: str = ACCOUNT,
    manner: Manner = AS_MOSTLY,
) -> SimulatedCall:
    """A call that began at this moment (Unix seconds), cut off or not as told, else as calls mostly are.

    The same state of `rng` tells the same call.
    """
    return play(rng, at, _ending(rng, truncated), account, manner).told()


def play(
    rng: Random,
    at: float,
    ending: Ending,
    account: str = ACCOUNT,
    manner: Manner = AS_MOSTLY,
) -> PlayedCall:
    """A call with this ending that began at this moment (Unix seconds)."""
    line = cast.line(rng)
    stage = Stage(rng, account, line.agent.source, manner.lost, manner.brief)
    legs = Legs(stage, line, cast.number(rng.choice(line.callers), rng), rng.random() < STREAMED)
    session = Session(stage, line, Socket(stage, rng.choice(REGIONS)), manner.pace, manner.jitter_s)
    summarised = rng.random() < SUMMARISED
    legs.ring(round(at, 3))
    if ending.reaches != "menu":
        _dial(legs)
    if ending.reaches == "conversation":
        connect(legs, session)
        _talk(rng, session, manner.lasts_s)
    ending.act(legs, session)
    if summarised:
        _summarise(legs, ending)
    return PlayedCall(ending, legs, session, summarised)


def _ending(rng: Random, truncated: bool | None) -> Ending:
    known = [e for e in ENDINGS.values() if truncated is None or e.truncated == truncated]
    return rng.choices(known, weights=[ending.weight for ending in known])[0]


def _dial(legs: Legs) -> None:
    legs.choose(legs.began + legs.stage.rng.uniform(3.0, 14.0), legs.stage.rng.choice("1112"))
    if legs.line.bad_header:
        refused = "Specifying this header is not allowed: SipHeader_X-Parent-CallSid"
        notices.warn(legs, legs.dialled, "32113", "WARNING", refused)
    elif legs.stage.rng.random() < WARNED:
        notices.warn(
            legs, legs.dialled, "15003", "WARNING", "Call Progress: Warning Response to Callback URL"
        )


def connect(legs: Legs, session: Session) -> None:
    """The AI is offered the call that was dialled, and takes it."""
    rng = legs.stage.rng
    session.offer(legs.dialled + rng.uniform(0.2, 0.6), legs)
    ringing = legs.dialled + rng.uniform(0.7, 1.3)
    legs.rings_at_the_ai(ringing)
    session.accept(ringing + rng.uniform(0.2, 1.0))
    legs.is_answered(ringing + rng.uniform(1.2, 2.5))
    session.open(legs.answered)


def _talk(rng: Random, session: Session, lasts_s: float | None) -> None:
    """A greeting, then questions and answers for as long as this call lasts; a median of a minute."""
    language = session.line.language
    until = session.now + (lasts_s or min(LONGEST_S, max(SHORTEST_S, rng.lognormvariate(4.1, 0.8))))
    session.replies(language.greeting)
    said = phrases.topics(language, rng)
    turn = 0
    while session.now < until or session.plays:
        asked, answer = said[turn % len(said)]
        thinks = rng.uniform(0.3, 2.5)
        session.now += 0.0 if session.plays else thinks
        session.hears(asked)
        session.replies(answer, heard=rng.uniform(0.4, 0.9) if rng.random() < 0.08 else 1.0)
        turn += 1


def _summarise(legs: Legs, ending: Ending) -> None:
    """Voice Insights names a side: the AI's for its own BYE, also for one that we asked it for."""
    # Whom our flow took away hangs up on somebody else, and the BYE to the AI is Twilio's.
    caller = ending.by == "caller" or ending.verdict == "flow_ended"
    if ending.reaches == "conversation":
        notices.summarise(legs, "caller" if caller else "callee", "caller" if caller else "callee")


def _label(played: PlayedCall) -> dict[str, Any]:
    ending, legs, session = played.ending, played.legs, played.session
    by = ending.by
    if by == "unknown" and played.summarised and ending.reaches == "conversation":
        by = "ai"  # the summary says whose BYE it was
    meant: dict[str, Any] = {
        "verdict": ending.verdict,
        "cause": ending.cause,
        "ended_first_by": by,
        "flags": {"has" if ending.truncated else "lacks": ["truncated"]},
        "truncation_basis": "ai_vad" if ending.truncated else None,
        "parent_call_sid": legs.parent,
        "parent_status": "completed",
        "from": legs.caller,
        "to": legs.line.number,
    }
    if ending.reaches != "menu":
        meant |= {"child_call_sid": legs.child, "topology": "sip_dial"}
    if ending.reaches == "conversation":
        meant |= {"ai_call_id": session.socket.call, "child_status": "completed", "sip_response_code": 200}
    return meant
