"""Whether the AI's side was asked and answered: the webhook in time, accepts, first words. No verdict."""

from collections.abc import Iterator

from callstore.domain.analysis.hearing import Hearing
from callstore.domain.call.call import Call, Statement
from callstore.domain.call.observation import Observation
from callstore.domain.call.session import ApiCall, Reply, Session
from callstore.domain.facts.spans import total
from callstore.domain.facts.vocabulary import TERMINAL

# Twilio's whole seconds against our clock: closer than this the two are one moment.
CLOCKS_S = 1.0
# A call that waits longer may have been given up at OpenAI's end, which is a 404 as well.
FRESH_S = 5.0
# A click, a cough or a breath opens the AI's detector, and the recording's is not quite silent either.
NOISE_S = 0.3


def accepts(session: Session | None) -> list[ApiCall]:
    """The accepts that our application sent, whatever they were answered."""
    return [a for a in session.api_calls if a.action == "accept"] if session else []


def accepts_taken(session: Session | None) -> list[ApiCall]:
    """Those that OpenAI answered with success: it was asked for a session, none need have come of it."""
    return [a for a in accepts(session) if a.status and a.status < 300]


def accepts_refused(session: Session | None) -> list[ApiCall]:
    """All accepts, where every one of them was answered with an error; else none."""
    sent = accepts(session)
    return sent if all(a.status is not None and a.status >= 400 for a in sent) else []


def accepts_not_found(call: Call) -> list[Observation]:
    """Accepts that got 404 although the webhook was fresh and nobody had given up, and none was taken.

    A 404 that a later accept answers with success was a race.
    """
    session = call.session
    if session is None or session.offered is None or session.accepted:
        return []
    offered = session.offered.at
    lost = [a.seen for a in accepts(session) if a.status == 404]
    lost = [s for s in lost if s.at.at - offered.latest <= FRESH_S]
    # Who gave up first leaves nothing to accept.
    ended = [leg.ended for leg in (call.parent, call.child) if leg and leg.ended and leg.status in TERMINAL]
    return [] if any(lost and not lost[0].at.surely_before(e.at) for e in ended) else lost


def failures_told(call: Call) -> list[Statement]:
    """What our application said of its own failure, up to the end of the AI leg."""
    end = call.ai_leg.ended.at.latest + CLOCKS_S if call.ai_leg and call.ai_leg.ended else None
    failures = (s for s in call.said if s.what == "exception" or s.level in ("error", "critical"))
    return [s for s in failures if end is None or s.seen.at.at <= end]


def was_asked(call: Call) -> bool:
    """Whether OpenAI asked our application before the AI leg had ended."""
    session, leg = call.session, call.child
    if session is None:
        return False
    if session.frames or leg is None or leg.ended is None:
        return bool(session.frames or session.offered or accepts(session))
    in_time = leg.ended.at.latest + CLOCKS_S
    if any(a.seen.at.at <= in_time for a in accepts(session)):
        return True  # our own copy of the webhook may be late, or not sent to us at all
    if session.offered is None or leg.ended.at.surely_before(session.offered.at):
        return False
    # A webhook that waited on its way was made in time, and came when there was nothing left to accept.
    came = session.offer_arrived is None or session.offer_arrived <= in_time
    return came or any(s.seen.at.at >= session.offered.at.at for s in failures_told(call))


def caller_spoke(call: Call, hearing: Hearing) -> bool:
    """Whether anything shows a word of the caller. Where a recording heard nobody, a turn was noise."""
    session = call.session
    turns = session.turns.values() if session else ()
    if any(t.transcribed and (t.text or "").strip() for t in turns):
        return True
    if hearing.recorded:
        return total(hearing.caller) > NOISE_S
    if any(p.text for t in call.transcriptions.values() for p in t.written if p.track == "inbound_track"):
        return True
    # The idle timeout commits a turn that nobody spoke.
    return any(t.started or t.stopped for t in turns)


def agent_spoke(call: Call, hearing: Hearing) -> bool:
    """Whether anything shows a word of the agent."""
    replies = call.session.replies.values() if call.session else ()
    heard = hearing.recorded and total(hearing.agent) > NOISE_S
    return heard or any(has_words(reply) for reply in replies)


def has_words(reply: Reply) -> bool:
    """Whether anything of a reply was said."""
    return bool(reply.spoken or reply.playing or reply.text)


def replies_in_order(session: Session) -> Iterator[tuple[Observation, Reply]]:
    """The replies by when each was first seen."""
    replies = session.replies.values()
    seen = [(r.started or r.spoken or r.playing or r.finished or r.played, r) for r in replies]
    yield from sorted(((s, r) for s, r in seen if s), key=lambda pair: (pair[0].at.at, pair[0].position))
