"""Questions to the AI's side: its close, its last sign, what it heard, whether it was heard."""

from collections.abc import Iterator

from callstore.domain.analysis.hearing import Hearing
from callstore.domain.analysis.other_ear import beyond, other_ear
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

EARS = {"ai_audio": "by what its sideband reflected", "twilio_transcript": "by Twilio's transcription"}


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
        if ending.peer_left:
            text, speaks_for = "Its SIP peer left (remote_hangup): Twilio, for whomever.", OURS | CALLER
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
    if case.ending.sockets.unseen:
        text, speaks_for = f"{text[:-1]}; its observer was lost, and nobody watched from then on.", NOTHING
    yield Evidence(
        name, text, speaks_for, (session.last, case.ending.end), session.last.at.at, case.ending.moment
    )


def heard(case: Case, found: Findings) -> Iterator[Evidence]:
    name, hearing = "AI heard that speech", case.hearing
    if not hearing.recorded:
        yield from _heard_of_another_ear(name, case)
    if not hearing.recorded or not hearing.untranscribed:
        return
    analysed = hearing.recording.analysed if hearing.recording else None
    deaf, lost = total(hearing.not_heard), total(hearing.untranscribed)
    start, end = hearing.untranscribed[0][0], hearing.untranscribed[-1][1]
    if deaf >= max(lost / 2, LOST_S):
        text = f"No: {deaf:.1f} s of caller speech {_by_what(hearing)}."
        yield Evidence(name, text, AI, (analysed,), start, end)
    elif hearing.kind_of(hearing.untranscribed, hearing.not_heard) == "unknown":
        text = f"Not known: {lost:.1f} s have no words, and the Live API tells of no voice detector."
        yield Evidence(name, text, None, (), start, end)
    elif deaf < lost / 2:
        how = "its detector was open" if hearing.detects else "its sideband reflected it"
        yield Evidence(
            name, f"Yes: {how}, but {lost:.1f} s have no transcript.", NOTHING, (analysed,), start, end
        )


def _by_what(hearing: Hearing) -> str:
    if hearing.detects:
        return "with no speech-started event of the AI"
    if hearing.received is not None:
        return "that its sideband did not reflect"
    return "after the session's last event"


def _heard_of_another_ear(name: str, case: Case) -> Iterator[Evidence]:
    """Without a recording another ear may tell of speech that the AI did not notice."""
    hearing = case.hearing
    ear = other_ear(hearing, case.words)
    if ear is None or not hearing.watched:
        return
    lost = beyond(ear, hearing.transcribed, hearing)
    deaf = total(hearing.unheard_in(lost, ear.edge_s))
    if lost and deaf >= max(total(lost) / 2, LOST_S):
        text = f"No: {deaf:.1f} s of caller speech {_by_what(hearing)}, {EARS[ear.basis]}."
        yield Evidence(name, text, AI, (), lost[0][0], lost[-1][1])


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
