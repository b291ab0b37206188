"""Labelled calls in which the AI was called and nobody was put through, each for a reason of its own."""

from random import Random

from callstore.rehearsal.simulation.endings import Ending
from callstore.rehearsal.simulation.legs import Legs
from callstore.rehearsal.simulation.session import Session


def is_not_accepted(legs: Legs, session: Session) -> None:
    """The application cannot prove the webhook, or fails over it, and the leg dies after a while."""
    rng = legs.stage.rng
    offered = _rings(legs, session, rng)
    message, kind = rng.choice((
        ("webhook rejected: signature does not verify", "InvalidWebhookSignatureError"),
        ("cannot load the agent of this line", "KeyError"),
    ))  # fmt: skip
    told = {"level": "error", "message": message, "exception": kind}
    session.socket.tells(offered + rng.uniform(0.3, 1.0), "app.exception", told)
    status, sip = rng.choice((("failed", 400), ("failed", 480), ("no-answer", 487)))
    legs.child_ends(offered + rng.uniform(9.0, 30.0), status, sip)


def accept_is_refused(legs: Legs, session: Session) -> None:
    """OpenAI refuses every accept, and the leg rings out."""
    rng = legs.stage.rng
    at = _rings(legs, session, rng)
    status = rng.choice((401, 403, 429, 500))
    for _ in range(rng.randrange(1, 4)):
        at += rng.uniform(0.5, 1.2)
        session.socket.calls(at, "accept", status)
    legs.child_ends(at + rng.uniform(8.0, 27.0), "no-answer", 487)


def comes_to_nothing(legs: Legs, session: Session) -> None:
    """The accept is taken and no session follows: a refusal at once, or a beep and some seconds."""
    rng = legs.stage.rng
    at = _rings(legs, session, rng) + rng.uniform(0.4, 1.2)
    if rng.random() < 0.3:  # the offer was not yet known where the accept was answered
        session.socket.calls(at, "accept", 404)
        at += 0.6
    session.accept(at)
    if rng.random() < 0.5:
        legs.child_ends(at + rng.uniform(0.5, 2.0), "failed", 400)
    else:
        legs.is_answered(at + rng.uniform(0.4, 1.0))
        legs.child_ends(legs.answered + rng.uniform(2.0, 7.0), "completed", 200)


def caller_gone_before_accept(legs: Legs, session: Session) -> None:
    """The caller leaves while it rings; in that second the accept is taken, and the agent greets nobody."""
    rng, language = legs.stage.rng, legs.line.language
    gone = _rings(legs, session, rng) + rng.uniform(1.0, 3.0)
    legs.parent_ends(gone)
    legs.child_ends(gone + rng.uniform(0.01, 0.3), "canceled", 487, parent_status="completed")
    session.accept(gone + rng.uniform(0.1, 0.9))
    session.open(gone + rng.uniform(1.0, 1.6))
    for _ in range(rng.randrange(1, 3)):
        session.replies(language.greeting)
        session.now += rng.uniform(6.0, 9.0)
    session.socket.closes(session.now + rng.uniform(5.0, 40.0), 1006, "", framed=False)


def webhook_comes_late(legs: Legs, session: Session) -> None:
    """The endpoint gives up, and only then OpenAI tells our application, whose accept finds nobody."""
    rng = legs.stage.rng
    ended = legs.dialled + rng.uniform(1.0, 30.0)
    legs.rings_at_the_ai(legs.dialled + rng.uniform(0.5, 0.9))
    legs.child_ends(ended, *rng.choice((("failed", 400), ("failed", 503), ("no-answer", 480))))
    offered = ended + rng.uniform(3.0, 40.0)
    session.offer(offered, legs)
    if rng.random() < 0.6:
        session.socket.calls(offered + rng.uniform(0.5, 1.5), "accept", 404)


def stream_is_refused(legs: Legs, session: Session) -> None:
    """Our application does not take the media stream, and the call is over at once (retold/stream.py)."""
    legs.ended = legs.dialled + legs.stage.rng.uniform(0.6, 3.0)
    legs.parent_ends(legs.ended)


def _rings(legs: Legs, session: Session, rng: Random) -> float:
    """The webhook, and the leg that rings; when the webhook was made."""
    offered = legs.dialled + rng.uniform(0.2, 0.6)
    session.offer(offered, legs)
    legs.rings_at_the_ai(legs.dialled + rng.uniform(0.7, 1.3))
    return offered


ENDINGS: dict[str, Ending] = {
    "webhook_comes_late": Ending(
        2, webhook_comes_late, "never_connected", "never_reached_app", "unknown", reaches="refusal"
    ),
    "stream_is_refused": Ending(
        2, stream_is_refused, "never_connected", "stream_failed", "unknown", reaches="refusal"
    ),
    "is_not_accepted": Ending(
        2, is_not_accepted, "never_connected", "never_accepted", "unknown", reaches="refusal"
    ),
    "accept_is_refused": Ending(
        2, accept_is_refused, "never_connected", "accept_refused", "unknown", reaches="refusal"
    ),
    "comes_to_nothing": Ending(
        2, comes_to_nothing, "never_connected", "accepted_unusable", "unknown", reaches="refusal"
    ),
    "caller_gone_before_accept": Ending(
        2, caller_gone_before_accept, "never_connected", "ghost_call", "unknown", reaches="refusal"
    ),
}
