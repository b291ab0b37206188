"""The AI session fell silent while the leg went on, and nobody saw it close (P4, the founding call)."""

from collections.abc import Iterator

from callstore.domain.analysis.ai_clock import ON_ITS_WAY_S
from callstore.domain.analysis.ending import SPEECH_S, unheard_at_the_end
from callstore.domain.call.session import Close, Session
from callstore.domain.facts.spans import clamp, total
from callstore.findings.rule import Case, Finding, positions

# A live session is never quiet for longer than this at a leg's end without a reason: frames come at every
# change of speech. Shorter silences are ordinary pauses, unless the caller spoke in them and was not heard.
SILENT_S = 3.0
# Where no detector speaks up, its words do, which come about a second and a half later.
UNDETECTED_S = 3.0
# What the agent still says after the session's last event was on its way; more than that shows a live one.
AGENT_TAIL_S, AGENT_TALKS_S = 1.0, 1.0
# Codes of a close that was meant (RFC 6455 §7.4.1). Our 1011 is a keepalive that nobody answered any more.
IN_ORDER = frozenset({1000, 1001})


def find(case: Case) -> Iterator[Finding]:
    call, ending, session = case.call, case.ending, case.call.session
    if (
        session is None
        or session.last is None
        or ending.end is None
        or not (ending.leg and ending.leg.was_answered)
        or ending.acted
        or ending.close_ordered
    ):
        return
    # When a caller leaves, the socket is cut with the leg.
    if ending.close and ending.caller_left is None:
        return
    if ending.silence_s is None or not fell_silent(case) or _failing(session):
        return
    dropped = ending.sockets.dropped
    if dropped and not ending.gone and _explained(case, session, dropped) and not _talks_to_nobody(case):
        return
    # Whose observer was lost may have talked on.
    if ending.sockets.unseen and not _talks_to_nobody(case):
        return
    spoken = _unheard_s(case)
    shown = spoken >= (SPEECH_S if case.hearing.detects else UNDETECTED_S)
    says = f"The AI session's last event was {ending.silence_s:.1f} s before the leg ended; " + (
        "its socket was cut with the leg."
        if ending.close
        else "our own side closed its socket."
        if dropped and dropped.ours
        else "no close was seen."
    )
    if shown:
        says += f" The caller spoke for {spoken:.1f} s after it and was not heard."
    recording = case.hearing.recording
    missing = ["a close of the AI session"]
    if not case.hearing.recorded:
        missing.append("a recording of both channels")
    if not (call.child and call.child.disconnected_by) and ending.departure is None:
        missing.append("who sent the BYE")
    yield Finding(
        slug="silent_session_loss",
        says=says,
        certainty="shown" if shown else "consistent",
        evidence=positions(session.last, ending.gone, ending.end, recording.analysed if recording else None),
        start=session.last.at.at,
        end=ending.moment,
        missing=tuple(missing),
    )


def fell_silent(case: Case) -> bool:
    """Whether the session was quiet before the leg's end for longer than a live one is."""
    hearing, quiet = case.hearing, case.ending.silence_s
    laid = hearing.detects and hearing.aligned and hearing.hears_the_end
    return quiet is not None and (quiet >= SILENT_S or (laid and _unheard_s(case) >= SPEECH_S))


def _unheard_s(case: Case) -> float:
    return total(unheard_at_the_end(case.call, case.hearing))


def _explained(case: Case, session: Session, dropped: Close) -> bool:
    """Whether the close of a socket that was only its observer's is why no event came.

    It is not where another socket was open; nor where our side closed it in order, so that it worked until
    then, the silence was there before and the end came with it.
    """
    last, at = session.last, dropped.seen.at.at
    quiet_before = last is not None and at - last.at.at >= SILENT_S and not case.ending.sockets.follows
    in_order = dropped.ours and dropped.code in IN_ORDER
    return not (in_order and quiet_before) and not _seen_again(case, session, dropped)


def _seen_again(case: Case, session: Session, dropped: Close) -> bool:
    """Whether events came after it by a socket that stayed: the silence is then the session's own."""
    last, closed = session.last, session.last_closed
    if last is None or last.at.at <= dropped.seen.at.at + ON_ITS_WAY_S:
        return False
    left = closed and closed.seen.at.at > last.at.at and case.ending.surely_after(closed.seen.at.at)
    return not left


def _talks_to_nobody(case: Case) -> bool:
    """The caller spoke after the session's last event and the agent never did, by the recording."""
    session, end = case.call.session, case.hearing.leg_end
    if session is None or session.last is None or end is None or _unheard_s(case) < SPEECH_S:
        return False
    return total(clamp(case.hearing.agent, session.last.at.at + AGENT_TAIL_S, end)) < AGENT_TALKS_S


def _failing(session: Session) -> bool:
    """An error right before the silence is a better explanation than silence itself."""
    last = session.last
    return last is not None and any(last.at.at - t.seen.at.at <= 1.0 for t in session.troubles)
