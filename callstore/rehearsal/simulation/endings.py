"""Every way in which a told call ends, and what must be said of it: the label comes from the telling."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from callstore.domain.facts.vocabulary import Actor, Cause, VerdictWord
from callstore.rehearsal.simulation.legs import Legs
from callstore.rehearsal.simulation.phrases import topics
from callstore.rehearsal.simulation.session import Session


@dataclass(frozen=True, slots=True)
class Ending:
    """`act` plays it; the rest is the label. `weight`: how often among a thousand calls."""

    weight: int
    act: Callable[[Legs, Session], None]
    verdict: VerdictWord
    cause: Cause
    by: Actor
    reaches: Literal["menu", "refusal", "conversation"] = "conversation"
    truncated: bool = False
    watched: bool = True  # whether the application observes the session to its end


def agent_finishes(legs: Legs, session: Session) -> None:
    """A goodbye, the finish tool, a last word, our hang-up."""
    _finish(legs, session)


def unwritten(legs: Legs, session: Session) -> None:
    """As it should be, but for turns whose transcription failed."""
    for asked, answer in topics(legs.line.language, session.stage.rng)[-2:]:
        session.now += 0.8
        session.hears(asked, "failed")
        session.replies(answer)
    _finish(legs, session)


def _finish(legs: Legs, session: Session) -> None:
    rng, (thanks, goodbye) = session.stage.rng, legs.line.language.parting
    session.now += rng.uniform(0.4, 1.5)
    session.hears(thanks)
    session.calls_finish(told=rng.random() < 0.7)
    session.replies(goodbye)
    _hang_up(legs, session)


def _hang_up(legs: Legs, session: Session) -> None:
    """Our application ends the AI's call: OpenAI closes the socket and says BYE."""
    at = session.now + 0.3
    session.socket.calls(at, "hangup")
    session.socket.closes(at + 0.2, 1000, "", framed=True)
    legs.child_ends(at + session.stage.rng.uniform(0.3, 0.8), "completed", 200)


def caller_leaves(legs: Legs, session: Session) -> None:
    """While the agent speaks, or in the quiet after it."""
    rng = session.stage.rng
    if rng.random() < 0.6:
        session.replies(legs.line.language.greeting, heard=rng.uniform(0.3, 0.9))
    else:
        session.now += rng.uniform(0.5, 4.0)
    _caller_gone(legs, session)


def caller_leaves_speaking(legs: Legs, session: Session) -> None:
    """In the middle of a sentence of their own: nobody cut that off but they."""
    session.now += 1.0
    session.hears_open(session.stage.rng.choice(legs.line.language.thoughts))
    _caller_gone(legs, session)


def tail_lost(legs: Legs, session: Session) -> None:
    """Right after speaking, before the text of it came."""
    session.now += 0.8
    session.hears(legs.line.language.parting[0], "late")
    session.now += 0.2
    _caller_gone(legs, session)


def _caller_gone(legs: Legs, session: Session) -> None:
    """The caller's leg ends first, or in the same second; the socket is cut with the leg."""
    rng, gone = session.stage.rng, session.now
    legs.parent_ends(gone)
    legs.child_ends(gone + rng.uniform(0.01, 0.3), "completed", 200, parent_status="completed")
    session.socket.closes(gone + rng.uniform(0.05, 0.4), 1006, "", framed=False)


def left_at_menu(legs: Legs, session: Session) -> None:
    """The caller never gets to the AI."""
    legs.ended = legs.began + session.stage.rng.uniform(2.0, 20.0)
    legs.parent_ends(legs.ended)


def app_hangs_up(legs: Legs, session: Session) -> None:
    """The application ends it: the opening hours are over, say."""
    session.now += session.stage.rng.uniform(1.0, 3.0)
    _app_acts(legs, session)


def app_hangs_up_on_speech(legs: Legs, session: Session) -> None:
    """The application ends it while the caller speaks."""
    session.now += 1.0
    session.hears_open(session.stage.rng.choice(legs.line.language.thoughts))
    _app_acts(legs, session)


def _app_acts(legs: Legs, session: Session) -> None:
    told = {"message": "closing the call", "reason": session.stage.rng.choice(("closing_time", "no_input"))}
    session.socket.tells(session.now, "app.hangup_requested", told)
    _hang_up(legs, session)


def closed_early(legs: Legs, session: Session) -> None:
    """The server closes the session in a quiet moment, and the leg follows."""
    rng = session.stage.rng
    session.now += rng.uniform(0.5, 3.0)
    code, reason = rng.choice(((1011, "internal error"), (1012, "service restart")))
    session.socket.closes(session.now, code, reason, framed=True)
    legs.child_ends(session.now + rng.uniform(1.2, 4.0), "completed", 200)


def dropped(legs: Legs, session: Session) -> None:
    """The session is lost while the caller speaks, and the leg follows."""
    rng = session.stage.rng
    session.now += rng.uniform(0.4, 2.0)
    session.hears_open(rng.choice(legs.line.language.thoughts))
    if rng.random() < 0.6:
        session.socket.closes(session.now, 1011, "internal error", framed=True)
    else:
        session.socket.closes(session.now, 1006, "", framed=False)
    legs.child_ends(session.now + rng.uniform(0.3, 2.0), "completed", 200)


def server_fails(legs: Legs, session: Session) -> None:
    """A response fails, the session closes, and the leg goes on a little."""
    session.now += 1.0
    session.hears(legs.line.language.topics[0][0])
    session.fails()
    session.socket.closes(session.now + 0.2, 1000, "", framed=True)
    legs.child_ends(session.now + session.stage.rng.uniform(1.5, 4.5), "completed", 200)


def falls_silent(legs: Legs, session: Session) -> None:
    """No more events, nobody sees a close, and after a while the leg ends."""
    legs.child_ends(session.now + session.stage.rng.uniform(4.0, 20.0), "completed", 200)


def falls_silent_listening(legs: Legs, session: Session) -> None:
    """The same, and the last thing that the AI said was that the caller began to speak."""
    session.now += 1.0
    session.hears_open(session.stage.rng.choice(legs.line.language.thoughts))
    legs.child_ends(session.now + session.stage.rng.uniform(3.0, 12.0), "completed", 200)


def busy(legs: Legs, session: Session) -> None:
    legs.child_ends(legs.dialled + session.stage.rng.uniform(0.5, 1.5), "busy", 486)


def unavailable(legs: Legs, session: Session) -> None:
    legs.child_ends(legs.dialled + session.stage.rng.uniform(0.5, 6.0), "failed", 503)


ENDINGS: dict[str, Ending] = {
    "agent_finishes": Ending(590, agent_finishes, "natural_end", "agent_finished", "ai"),
    "unwritten": Ending(30, unwritten, "natural_end", "agent_finished", "ai"),
    "caller_leaves": Ending(165, caller_leaves, "caller_hung_up", "caller_hangup", "caller"),
    "caller_leaves_speaking": Ending(20, caller_leaves_speaking, "caller_hung_up", "caller_hangup", "caller"),
    "tail_lost": Ending(30, tail_lost, "caller_hung_up", "tail_loss", "caller"),
    "left_at_menu": Ending(30, left_at_menu, "caller_hung_up", "caller_hangup", "caller", reaches="menu"),
    "app_hangs_up": Ending(35, app_hangs_up, "app_ended", "app_hangup", "app"),
    "closed_early": Ending(15, closed_early, "ai_closed_first", "session_closed_early", "ai"),
    "server_fails": Ending(15, server_fails, "ai_closed_first", "server_error", "ai"),
    "falls_silent": Ending(15, falls_silent, "ai_silent_first", "silent_session_loss", "unknown"),
    "busy": Ending(15, busy, "never_connected", "never_reached_app", "unknown", reaches="refusal"),
    "unavailable": Ending(
        10, unavailable, "never_connected", "never_reached_app", "unknown", reaches="refusal"
    ),
    "dropped": Ending(15, dropped, "ai_closed_first", "drop_mid_speech", "ai", truncated=True),
    "falls_silent_listening": Ending(
        10, falls_silent_listening, "ai_silent_first", "silent_session_loss", "unknown", truncated=True
    ),
    "app_hangs_up_on_speech": Ending(
        5, app_hangs_up_on_speech, "app_ended", "app_hangup", "app", truncated=True
    ),
}
