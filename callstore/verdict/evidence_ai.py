"""Questions to the AI's side: its close, its last sign, what it heard, whether it was heard."""

from collections.abc import Iterator

from callstore.domain.analysis.sockets import Sockets
from callstore.domain.call.session import Close
from callstore.domain.facts.spans import clamp, intersect, total
from callstore.findings.rule import Case
from callstore.findings.rules.silent_session_loss import fell_silent
from callstore.verdict.evidence import (
    AI,
    CALLER,
    LIMIT,
    NOTHING,
    OURS,
    REFUSED,
    USELESS,
    Evidence,
    Findings,
    Verdicts,
)
from callstore.verdict.truncation import LOST_S


def offered(case: Case, found: Findings) -> Iterator[Evidence]:
    """Only a leg that was never answered leaves it open whether OpenAI asked our application at all."""
    child, session = case.call.child, case.call.session
    if child is None or child.ended is None or child.was_answered:
        return
    name = "OpenAI asked our application"
    if session and session.offered:
        yield Evidence(name, "Yes: its webhook came.", NOTHING, (session.offered,), session.offered.at.at)
    else:
        yield Evidence(name, "No webhook came.", REFUSED | CALLER, (child.ended,), child.ended.at.at)


def close(case: Case, found: Findings) -> Iterator[Evidence]:
    name, ending = "AI session closed", case.ending
    if case.call.session is None or not case.call.session.accepted:
        return
    if ending.sockets.dropped:
        yield _dropped(name, ending.sockets, ending.sockets.dropped)
    elif ending.close is None:
        yield Evidence(name, "No close of the AI session was observed.", None)
    else:
        seen, code, reason, said, _ = ending.close
        text = "Closed" if code is None else f"Closed with {code}"
        text += f" ({reason})" if reason else ""
        text += "; the server said so." if said else "; no close frame."
        ours = ending.finish or ending.hangup or ending.took
        speaks_for = OURS if ours else CALLER if ending.caller_left else AI
        speaks_for = speaks_for | LIMIT | USELESS if ending.close_ordered or ending.acted else NOTHING
        yield Evidence(name, text, speaks_for, (seen, ending.gone), seen.at.at)


def _dropped(name: str, sockets: Sockets, dropped: Close) -> Evidence:
    """A close that says nothing of the session's end."""
    code = f" with {dropped.code}" if dropped.code else ""
    text = ("Our own side closed its socket" if dropped.ours else "Only an observer's socket closed") + code
    if sockets.lived_on:
        text += "; the session went on"
    elif sockets.follows:
        text += "; the leg went on for more than five seconds"
    return Evidence(name, f"{text}.", NOTHING, (dropped.seen, *sockets.lived_on))


def silence(case: Case, found: Findings) -> Iterator[Evidence]:
    name, session, quiet = "Last AI event before the leg's end", case.call.session, case.ending.silence_s
    if session is None or session.last is None:
        if case.call.child and case.call.child.was_answered:
            yield Evidence(name, "No event of the AI session was seen.", None)
        return
    if quiet is None:
        return
    text = f"{session.last_kind}, {quiet:.1f} s before the leg ended."
    # Once somebody acted, silence is no sign of anything.
    speaks_for = NOTHING if case.ending.acted else AI | LIMIT | REFUSED
    if not fell_silent(case):
        speaks_for = (AI | OURS | CALLER | LIMIT | REFUSED) - {"ai_silent_first"}
    yield Evidence(
        name, text, speaks_for, (session.last, case.ending.end), session.last.at.at, case.ending.moment
    )


def heard(case: Case, found: Findings) -> Iterator[Evidence]:
    name, hearing = "AI heard that speech", case.hearing
    if not hearing.recorded or not hearing.untranscribed:
        return
    analysed = hearing.recording.analysed if hearing.recording else None
    deaf, lost = total(hearing.not_heard), total(hearing.untranscribed)
    start, end = hearing.untranscribed[0][0], hearing.untranscribed[-1][1]
    if deaf >= max(lost / 2, LOST_S):
        text = f"No: {deaf:.1f} s of caller speech with no speech-started event of the AI."
        yield Evidence(name, text, AI, (analysed,), start, end)
    elif deaf < lost / 2:
        text = f"Yes: its detector was open, but {lost:.1f} s have no transcript."
        yield Evidence(name, text, NOTHING, (analysed,), start, end)


def audible(case: Case, found: Findings) -> Iterator[Evidence]:
    name, hearing = "Agent heard while its audio was played", case.hearing
    if not hearing.recorded or hearing.recording_end is None or not hearing.playbacks:
        return
    played = clamp(hearing.playbacks, hearing.recording_start or 0.0, hearing.recording_end)
    if not played:
        return
    analysed = hearing.recording.analysed if hearing.recording else None
    spoken = total(intersect(played, hearing.agent))
    text = f"{spoken:.1f} s of {total(played):.1f} s."
    mute = "mute_agent" in found
    speaks_for: Verdicts = frozenset({"ai_mute"}) if mute else NOTHING
    yield Evidence(
        name, ("No: " if mute else "Yes: ") + text, speaks_for, (analysed,), played[0][0], played[-1][1]
    )
