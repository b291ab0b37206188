"""The session lived and did not hear the caller (P9)."""

from collections.abc import Iterator

from callstore.domain.analysis.other_ear import beyond, other_ear
from callstore.domain.analysis.sockets import lost_between, unwatched
from callstore.domain.facts.spans import Spans, clamp, intersect, merge, subtract, total
from callstore.findings.rule import Case, Finding, positions

# Long enough that it is no cough, no noise and no single word lost between two turns.
DEAF_S = 5.0
# An agent that heard a caller who pauses for this long has begun to answer.
ANSWERED_WITHIN_S = 2.0
# And may have begun this long before he ended, as far as the clocks tell.
EARLY_S = 0.5
UNDETECTED = "Live tells of no voice detector"
REACHED = f"why the model gave no sign of what its sideband reflected: {UNDETECTED}"


def find(case: Case) -> Iterator[Finding]:
    hearing, session, ending = case.hearing, case.call.session, case.ending
    if session is None or session.last is None or session.first is None:
        return
    close = ending.close
    # An open socket proves a session as a frame does, but says less: it may be half-open.
    open_until = close.seen.at.at if close else session.last.at.at
    known = hearing.heard if hearing.detects else hearing.transcribed
    since = max((e for _, e in known), default=session.first.at.at)
    # What happened while no socket of ours was open nobody saw.
    clear = subtract(_unnoticed(case), unwatched(session))
    unheard = clamp(clear, since, max(open_until, session.last.at.at))
    deaf = total(unheard)
    if deaf < DEAF_S or _noticed_something(case, clamp(clear, since, float("inf"))):
        return
    framed = total(clamp(unheard, 0.0, session.last.at.at)) >= DEAF_S
    # With no frame in all that time only a socket that was open to the end tells it from a dead one.
    if not framed and (ending.surely_after(open_until) or ending.finish or ending.hangup):
        return
    missing = [] if framed else ["a frame of the session while the caller spoke"]
    if not (hearing.detects or _measured(case, unheard)):
        missing.append(REACHED if hearing.received else "what the sideband reflected: " + UNDETECTED)
    if lost_between(session, unheard[0][0], unheard[-1][1]):
        missing.append("events of the session that were lost on the way while the caller spoke")
    yield Finding(
        slug="deaf_session",
        says=f"The AI session was open and heard nothing of {deaf:.1f} s of the caller's speech.",
        certainty="consistent" if missing else "shown",
        evidence=_evidence(case),
        start=unheard[0][0],
        end=unheard[-1][1],
        missing=tuple(missing),
    )


def _unnoticed(case: Case) -> Spans:
    """Caller speech that the AI gave no sign of, by the recording, or where there is none by another ear.

    What sounds while the agent speaks may be its echo; whom nobody hears talks on into the silence.
    """
    hearing = case.hearing
    if hearing.recorded:
        return subtract(hearing.not_heard if hearing.detects else hearing.untranscribed, hearing.agent)
    ear = other_ear(hearing, case.words)
    if ear is None:
        return []
    unwritten = beyond(ear, hearing.transcribed, hearing)
    unnoticed = hearing.unheard_in(unwritten, ear.edge_s) if hearing.detects else unwritten
    return subtract(unnoticed, merge(hearing.playbacks))


def _noticed_something(case: Case, unheard: Spans) -> bool:
    """Without a detector only its acts show whether an AI heard: it answered, or called a tool.

    Nobody interrupts a caller who talks on and on: it must have been its turn. Who asks into a silence
    whether somebody is there has not answered.
    """
    hearing, session = case.hearing, case.call.session
    if hearing.detects or session is None or _measured(case, unheard):
        return False
    runs = merge(unheard, ANSWERED_WITHIN_S)
    end = hearing.leg_end or runs[-1][1]
    if len(runs) < 2 and end - runs[-1][1] < ANSWERED_WITHIN_S:
        return True
    if any(seen.at.at > unheard[0][0] for seen, _ in session.tools):
        return True
    return any(
        -EARLY_S <= start - stop <= ANSWERED_WITHIN_S for start, _ in hearing.playbacks for _, stop in unheard
    )


def _measured(case: Case, unheard: Spans) -> bool:
    """Whether its own sideband shows that the caller's voice never reached it."""
    hearing = case.hearing
    if not hearing.recorded or hearing.received is None:
        return False
    silent = subtract(intersect(unheard, hearing.received.kept), hearing.received.speech)
    return total(silent) >= total(unheard) / 2


def _evidence(case: Case) -> tuple[int, ...]:
    hearing, session, close = case.hearing, case.call.session, case.ending.close
    analysed = hearing.recording.analysed if hearing.recording and hearing.recorded else None
    ear = None if hearing.recorded else other_ear(hearing, case.words)
    seen = (session.last, *session.timeouts) if session else ()
    own = positions(analysed, *seen, close.seen if close else None)
    return tuple(dict.fromkeys([*own, *(ear.positions if ear else ())]))
