"""Calls whose observer goes while they go on: its socket's close is no end of theirs."""

from callstore.rehearsal.simulation.endings import Ending
from callstore.rehearsal.simulation.legs import Legs
from callstore.rehearsal.simulation.phrases import topics
from callstore.rehearsal.simulation.session import Session

REFUSED = "invalid_request_error.beta_api_shape_disabled"


def observer_lost_and_caller_leaves(legs: Legs, session: Session) -> None:
    """The application loses its socket, the conversation goes on, and the caller hangs up."""
    _loses_its_socket(session)
    _talks_on(session)
    _caller_gone(legs, session)


def observer_lost_and_app_hangs_up(legs: Legs, session: Session) -> None:
    """The same, and the application ends the call by the API."""
    _loses_its_socket(session)
    _talks_on(session)
    at = session.now + session.stage.rng.uniform(0.5, 1.5)
    session.socket.calls(at, "hangup")
    legs.child_ends(at + session.stage.rng.uniform(0.3, 0.8), "completed", 200)


def finish_only_closes_the_socket(legs: Legs, session: Session) -> None:
    """The tool that should hang up closes a socket: the line stays open until the caller leaves it."""
    rng, (thanks, goodbye) = session.stage.rng, legs.line.language.parting
    session.now += rng.uniform(0.4, 1.5)
    session.hears(thanks)
    session.replies(goodbye)
    session.calls_finish(told=rng.random() < 0.5)
    session.socket.is_closed_by_us(session.now + 0.5, 1000, "", answered=True)
    session.now += rng.uniform(8.0, 60.0)
    _caller_gone(legs, session)


def _loses_its_socket(session: Session) -> None:
    rng = session.stage.rng
    session.now += rng.uniform(0.4, 1.5)
    how = rng.randrange(5)
    if how == 0:
        session.socket.closes(session.now, 4000, REFUSED, framed=True)
    elif how == 1:
        session.socket.closes(session.now, 1001, "", framed=True)  # a proxy that is restarted
    elif how == 2:
        session.socket.closes(session.now, 1006, "", framed=False)
    else:
        reason = "keepalive ping timeout" if how == 3 else ""
        session.socket.is_closed_by_us(session.now, 1011 if how == 3 else 1000, reason, answered=how == 4)


def _talks_on(session: Session) -> None:
    """Questions and answers that nobody observes, for more than ten seconds."""
    until = session.now + session.stage.rng.uniform(10.0, 30.0)
    said = topics(session.line.language, session.stage.rng)
    turn = 0
    while session.now < until:
        asked, answer = said[turn % len(said)]
        session.now += session.stage.rng.uniform(0.3, 1.5)
        session.hears(asked)
        session.replies(answer)
        turn += 1


def _caller_gone(legs: Legs, session: Session) -> None:
    gone = session.now + session.stage.rng.uniform(0.3, 2.0)
    legs.parent_ends(gone)
    legs.child_ends(gone + session.stage.rng.uniform(0.01, 0.3), "completed", 200, parent_status="completed")


ENDINGS: dict[str, Ending] = {
    "observer_lost_and_caller_leaves": Ending(
        3, observer_lost_and_caller_leaves, "caller_hung_up", "caller_hangup", "caller", watched=False
    ),
    "observer_lost_and_app_hangs_up": Ending(
        2, observer_lost_and_app_hangs_up, "app_ended", "app_hangup", "app", watched=False
    ),
    "finish_only_closes_the_socket": Ending(
        3, finish_only_closes_the_socket, "caller_hung_up", "caller_hangup", "caller", watched=False
    ),
}
