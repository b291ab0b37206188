"""How labelled calls end: the simulation's endings, and those that only a recording can tell apart."""

from dataclasses import replace
from random import Random

from callstore.rehearsal.labelled import never_connected, transfers, unwatched
from callstore.rehearsal.simulation import endings as simulated
from callstore.rehearsal.simulation.endings import Ending
from callstore.rehearsal.simulation.legs import Legs
from callstore.rehearsal.simulation.phrases import topics
from callstore.rehearsal.simulation.session import Session


def talks_on(legs: Legs, session: Session) -> None:
    """The founding call: the session is lost without a sign, the caller talks on and is cut off, or stops."""
    rng = _begins(session)
    _rambles(session, rng, rng.uniform(3.5, 14.0))
    _leg_ends(legs, session, rng, shares=(0.6, 0.25))


def waits_in_vain(legs: Legs, session: Session) -> None:
    """The same with a short question and a long wait: nobody was speaking when it ended."""
    rng = _begins(session)
    _rambles(session, rng, 1.0)
    legs.child_ends(session.now + rng.uniform(3.5, 9.0), "completed", 200)


def dropped_talking(legs: Legs, session: Session) -> None:
    """The session closes in mid-sentence, and the caller talks on until the leg follows."""
    rng = session.stage.rng
    session.now += rng.uniform(0.4, 2.0)
    session.hears_open(_thought(session))
    closed, framed = session.now, rng.random() < 0.6
    session.socket.closes(closed, 1011 if framed else 1006, "internal error" if framed else "", framed)
    _rambles(session, rng, rng.uniform(0.5, 3.0))
    legs.child_ends(closed + rng.uniform(1.0, 4.0), "completed", 200)


def closed_before_speech(legs: Legs, session: Session) -> None:
    """The session closes in a quiet moment; the caller speaks into nothing until the leg follows."""
    rng = session.stage.rng
    session.now += rng.uniform(0.5, 1.5)
    closed = session.now
    session.socket.closes(closed, 1011, "internal error", framed=True)
    session.now += rng.uniform(0.2, 0.6)
    _rambles(session, rng, 3.0)
    legs.child_ends(closed + rng.uniform(1.5, 4.5), "completed", 200)


def hung_up_on_a_story(legs: Legs, session: Session) -> None:
    """The application hangs up on a caller who has been talking for a while, heard or not."""
    rng = session.stage.rng
    session.now += 1.0
    session.hears_open(_thought(session))
    _rambles(session, rng, rng.uniform(1.0, 6.0), IN_ONE_TURN, heard=True)
    told = {"message": "closing the call", "reason": "closing_time"}
    session.socket.tells(session.now, "app.hangup_requested", told)
    _hang_up(legs, session)


def finishes_on_speech(legs: Legs, session: Session) -> None:
    """A pause in the middle of a sentence: the agent calls its finish tool, and the caller goes on."""
    rng = session.stage.rng
    session.now += 1.0
    session.hears(_thought(session))
    paused = session.now
    session.calls_finish(told=rng.random() < 0.5)
    session.now = paused + rng.uniform(0.1, 0.4)
    session.hears_open(rng.choice(_words(session)))
    _rambles(session, rng, rng.uniform(1.0, 3.0), IN_ONE_TURN, heard=True)
    _hang_up(legs, session)


def farewell_over_the_hangup(legs: Legs, session: Session) -> None:
    """The agent finishes as it should, and the caller's goodbye falls into the hang-up."""
    rng, (thanks, goodbye) = session.stage.rng, legs.line.language.parting
    session.now += rng.uniform(0.4, 1.5)
    session.hears(thanks)
    session.calls_finish(told=True)
    session.replies(goodbye)
    session.misses(FAREWELLS[legs.line.language.code])
    session.now -= rng.uniform(0.2, 0.6)
    _hang_up(legs, session)


def is_not_heard(legs: Legs, session: Session) -> None:
    """The session lives and hears nothing; it asks whether somebody is there, until the caller gives up."""
    rng = session.stage.rng
    for _ in range(2):
        session.now += rng.uniform(0.4, 1.2)
        _rambles(session, rng, rng.uniform(5.0, 8.0))
        session.now += rng.uniform(0.5, 2.0)
        session.replies(legs.line.language.topics[0][1])
    session.now += rng.uniform(0.5, 2.0)
    _caller_gone(legs, session)


def is_not_audible(legs: Legs, session: Session) -> None:
    """The agent's audio is played, says the session, and never reaches the line."""
    rng = session.stage.rng
    for asked, answer in topics(legs.line.language, rng)[:3]:
        session.now += rng.uniform(0.6, 2.0)
        session.hears(asked)
        session.replies(f"{answer} {legs.line.language.greeting}")
        session.spoken[-1] = replace(session.spoken[-1], heard=False)
    session.now += rng.uniform(0.5, 2.0)
    _caller_gone(legs, session)


def every_reply_fails(legs: Legs, session: Session) -> None:
    """The session lives and hears, and every reply of it fails, until the caller gives up."""
    rng = session.stage.rng
    for asked, _ in topics(legs.line.language, rng)[:3]:
        session.now += rng.uniform(1.0, 2.5)
        session.hears(asked)
        session.fails()
    session.now += rng.uniform(2.0, 6.0)
    _caller_gone(legs, session)


def opens_for_a_cough(legs: Legs, session: Session) -> None:
    """The detector opened for a cough, not for speech, and the session was lost."""
    session.now += 1.0
    session.hears_open("")
    legs.child_ends(session.now + session.stage.rng.uniform(3.5, 10.0), "completed", 200)


# A detector takes shorter pauses for breath.
IN_ONE_TURN = (0.02, 0.3)
FAREWELLS = {"en": "Bye.", "ja": "はい、どうも。", "es": "Adiós.", "fr": "Au revoir.", "de": "Tschüs."}


def _begins(session: Session) -> Random:
    rng = session.stage.rng
    session.now += rng.uniform(0.4, 1.5)
    session.hears(rng.choice(_words(session)))
    session.now += rng.uniform(0.2, 1.2)
    return rng


def _words(session: Session) -> list[str]:
    """What this caller may ask."""
    return [asked for asked, _ in topics(session.line.language, session.stage.rng)]


def _thought(session: Session) -> str:
    return session.stage.rng.choice(session.line.language.thoughts)


def _rambles(
    session: Session,
    rng: Random,
    seconds: float,
    pause: tuple[float, float] = (0.1, 0.9),
    heard: bool = False,
) -> None:
    """The caller speaks for about so long, with pauses; heard only where the last turn is still open."""
    until = session.now + seconds
    words = _words(session) + list(session.line.language.thoughts)
    while session.now < until:
        session.misses(rng.choice(words))
        session.spoken[-1] = replace(session.spoken[-1], heard=heard)
        session.now += rng.uniform(*pause)


def _leg_ends(legs: Legs, session: Session, rng: Random, shares: tuple[float, float]) -> None:
    """In mid-word, soon after a word, or after a wait."""
    last, chance = session.spoken[-1], rng.random()
    if chance < shares[0]:
        at = last.start + rng.uniform(0.3, 1.0) * (last.end - last.start)
    elif chance < sum(shares):
        at = last.end + rng.uniform(0.1, 1.8)
    else:
        at = last.end + rng.uniform(2.3, 7.0)
    legs.child_ends(at, "completed", 200)


def _hang_up(legs: Legs, session: Session) -> None:
    at = session.now + session.stage.rng.uniform(0.05, 0.3)
    session.socket.calls(at, "hangup")
    session.socket.closes(at + 0.15, 1000, "", framed=True)
    legs.child_ends(at + session.stage.rng.uniform(0.1, 0.4), "completed", 200)


def _caller_gone(legs: Legs, session: Session) -> None:
    rng, gone = session.stage.rng, session.now
    legs.parent_ends(gone)
    legs.child_ends(gone + rng.uniform(0.01, 0.3), "completed", 200, parent_status="completed")
    session.socket.closes(gone + rng.uniform(0.05, 0.4), 1006, "", framed=False)


SIMULATED = {
    "agent_finishes": 9, "unwritten": 3, "caller_leaves": 6, "caller_leaves_speaking": 5, "tail_lost": 4,
    "left_at_menu": 1, "app_hangs_up": 5, "closed_early": 5, "server_fails": 4, "falls_silent": 5,
    "busy": 2, "unavailable": 1, "dropped": 6, "falls_silent_listening": 4, "app_hangs_up_on_speech": 5,
}  # fmt: skip
# Weights: half of the calls end on a speaking caller, since that is what must be told apart.
ENDINGS: dict[str, Ending] = {
    **{name: replace(simulated.ENDINGS[name], weight=weight) for name, weight in SIMULATED.items()},
    "talks_on": Ending(14, talks_on, "ai_silent_first", "silent_session_loss", "unknown"),
    "waits_in_vain": Ending(4, waits_in_vain, "ai_silent_first", "silent_session_loss", "unknown"),
    "dropped_talking": Ending(9, dropped_talking, "ai_closed_first", "drop_mid_speech", "ai"),
    "closed_before_speech": Ending(6, closed_before_speech, "ai_closed_first", "session_closed_early", "ai"),
    "hung_up_on_a_story": Ending(6, hung_up_on_a_story, "app_ended", "app_hangup", "app"),
    "finishes_on_speech": Ending(4, finishes_on_speech, "false_finish", "false_finish", "ai"),
    "farewell_over_the_hangup": Ending(4, farewell_over_the_hangup, "natural_end", "agent_finished", "ai"),
    "is_not_heard": Ending(4, is_not_heard, "ai_deaf", "deaf_session", "caller"),
    "is_not_audible": Ending(4, is_not_audible, "ai_mute", "mute_agent", "caller"),
    "every_reply_fails": Ending(4, every_reply_fails, "ai_mute", "replies_failed", "caller"),
    **unwatched.ENDINGS,
    **transfers.ENDINGS,
    "comes_back_and_talks_on": Ending(
        3, transfers.comes_back(talks_on), "ai_silent_first", "silent_session_loss", "unknown"
    ),
    "opens_for_a_cough": Ending(3, opens_for_a_cough, "ai_silent_first", "silent_session_loss", "unknown"),
    **never_connected.ENDINGS,
}
