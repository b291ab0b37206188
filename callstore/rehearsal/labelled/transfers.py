"""Endings of calls that leave the AI or come back to it, told by what Twilio does next and not by REST."""

from collections.abc import Callable

from callstore.rehearsal.simulation import endings, people
from callstore.rehearsal.simulation.endings import Ending
from callstore.rehearsal.simulation.legs import Legs
from callstore.rehearsal.simulation.phrases import topics
from callstore.rehearsal.simulation.session import Session
from callstore.rehearsal.simulation.socket import Socket
from callstore.rehearsal.simulation.story import connect


def put_through(legs: Legs, session: Session) -> None:
    """Our application takes the caller to a person by REST, and they talk."""
    rng = session.stage.rng
    people.talk(legs, _taken_away(legs, session), rng.uniform(5.0, 90.0))


def comes_back(then: Callable[[Legs, Session], None]) -> Callable[[Legs, Session], None]:
    """Nobody takes the transfer; the caller talks to the AI again, in a session that ends as given."""

    def act(legs: Legs, session: Session) -> None:
        people.ring_in_vain(legs, _taken_away(legs, session))
        session.socket = Socket(session.stage, "u2")
        connect(legs, session)
        session.replies(legs.line.language.greeting)
        asked, answer = topics(legs.line.language, session.stage.rng)[0]
        session.now += session.stage.rng.uniform(0.4, 1.5)
        session.hears(asked)
        session.replies(answer)
        then(legs, session)

    return act


def _taken_away(legs: Legs, session: Session) -> float:
    """The AI's leg ends at our word, the socket with it. Returns when a person is dialled."""
    rng = session.stage.rng
    at = session.now + rng.uniform(0.3, 2.0)
    people.take_away(legs, at)
    session.socket.closes(at + rng.uniform(0.02, 0.4), 1006, "", framed=False)
    return at + rng.uniform(0.5, 1.2)


ENDINGS = {
    "put_through": Ending(4, put_through, "flow_ended", "flow_redirect", "app"),
    "comes_back_and_finishes": Ending(
        3, comes_back(endings.agent_finishes), "natural_end", "agent_finished", "ai"
    ),
    "comes_back_and_leaves": Ending(
        2, comes_back(endings.caller_leaves), "caller_hung_up", "caller_hangup", "caller"
    ),
}
