"""The evidence table of a verdict: each check says whether it supports or contradicts it, or is missing."""

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple, TypeAlias

from callstore.domain.call import Seen
from callstore.domain.spans import clamp, total
from callstore.findings.definitions import CLOSING_S
from callstore.findings.rule import Case, Finding

Says: TypeAlias = Literal["supports", "contradicts", "missing", "not_applicable"]

OURS = frozenset({"natural_end", "app_ended", "false_finish", "flow_ended"})
AI = frozenset({"ai_silent_first", "ai_closed_first", "ai_deaf", "ai_mute"})
CALLER = frozenset({"caller_hung_up"})
REFUSED = frozenset({"never_connected"})


class Check(NamedTuple):
    """One question, its answer in words, and the verdicts that the answer speaks for.

    `speaks_for` None: the witness is missing. Empty: true, but it says nothing of who ended the call.
    """

    name: str
    finding: str
    speaks_for: frozenset[str] | None
    seen: tuple[Seen | None, ...] = ()
    start: float | None = None
    end: float | None = None


def says(check: Check, verdict: str) -> Says:
    """What a check says of a verdict."""
    if check.speaks_for is None:
        return "missing"
    if not check.speaks_for or verdict in ("live", "inconclusive"):
        return "not_applicable"
    return "supports" if verdict in check.speaks_for else "contradicts"


def checks(case: Case, found: dict[str, Finding]) -> list[Check]:
    """Every check that this call can be asked, in reading order."""
    return [check for ask in _QUESTIONS for check in ask(case, found)]


def _close(case: Case, found: dict[str, Finding]) -> Iterator[Check]:
    name, session, close = "AI session closed", case.call.session, case.ending.close
    if session is None:
        return
    if close is None or close.closed is None:
        yield Check(name, "No close of the AI session was observed.", None)
        return
    text = f"Closed with {close.code}" + (f" ({close.reason})" if close.reason else "")
    text += "; the server's close frame was received." if close.received is not None else "; no close frame."
    ours = case.ending.finish or case.ending.hangup
    speaks_for = OURS if ours else CALLER if case.ending.caller_left else AI
    yield Check(name, text, speaks_for, (close.closed,), close.closed.at.at)


def _silence(case: Case, found: dict[str, Finding]) -> Iterator[Check]:
    session, silence = case.call.session, case.ending.silence_s
    name = "Last AI event before the leg's end"
    if session is None or session.last is None:
        if case.call.child and case.call.child.was_answered:
            yield Check(name, "No event of the AI session was seen.", None)
        return
    if silence is None:
        return
    text = f"{session.last_kind}, {silence:.1f} s before the leg ended."
    speaks_for = AI if silence >= 3.0 else OURS | CALLER | {"ai_closed_first"}
    end = case.ending.end.at.middle if case.ending.end else None
    yield Check(name, text, speaks_for, (session.last, case.ending.end), session.last.at.at, end)


def _speaking(case: Case, found: dict[str, Finding]) -> Iterator[Check]:
    name, hearing = "Caller speaking at the end", case.hearing
    if case.ending.end is None or (case.call.child and not case.call.child.was_answered):
        return
    if not hearing.recorded or hearing.leg_end is None:
        yield Check(name, "No recording of both channels.", None)
        return
    analysed = hearing.recording.analysed if hearing.recording else None
    late = clamp(hearing.caller, hearing.leg_end - CLOSING_S, hearing.leg_end)
    last = max((e for _, e in hearing.caller), default=None)
    if late:
        text = (
            f"Yes: caller speech in the recording up to {hearing.leg_end - late[-1][1]:.1f} s before the end."
        )
        yield Check(name, text, AI | {"app_ended"}, (analysed,), late[0][0], late[-1][1])
    else:
        quiet = (
            f"No: silent for the last {hearing.leg_end - last:.1f} s." if last else "No caller speech at all."
        )
        yield Check(name, quiet, OURS | CALLER | {"ai_closed_first"}, (analysed,), last, hearing.leg_end)


def _heard(case: Case, found: dict[str, Finding]) -> Iterator[Check]:
    name, hearing = "AI heard that speech", case.hearing
    if not hearing.recorded or not hearing.untranscribed:
        return
    analysed = hearing.recording.analysed if hearing.recording else None
    deaf = total(hearing.not_heard)
    start, end = hearing.untranscribed[0][0], hearing.untranscribed[-1][1]
    if deaf >= total(hearing.untranscribed) / 2:
        text = f"No: {deaf:.1f} s of caller speech with no speech-started event of the AI."
        yield Check(name, text, AI, (analysed,), start, end)
    else:
        text = f"Yes: its detector was open, but {total(hearing.untranscribed):.1f} s have no transcript."
        yield Check(name, text, frozenset(), (analysed,), start, end)


def _acts(case: Case, found: dict[str, Finding]) -> Iterator[Check]:
    name, ending = "Finish tool, hang-up or exception of ours", case.ending
    if ending.finish:
        text = "The agent's finish tool was called" + (" and we hung up." if ending.hangup else ".")
        yield Check(name, text, OURS - {"app_ended"}, (ending.finish, ending.hangup), ending.finish.at.at)
    elif ending.hangup:
        yield Check(name, "The application hung up.", OURS, (ending.hangup,), ending.hangup.at.at)
    elif case.call.session:
        wrong = [s.seen for s in case.call.said if s.what == "exception"]
        text = "An exception of the application." if wrong else "None was seen."
        yield Check(name, text, AI | CALLER | REFUSED, tuple(wrong))


def _on_the_line(case: Case, found: dict[str, Finding]) -> Iterator[Check]:
    name, ending = "Caller still on the line when the AI leg ended", case.ending
    if case.call.child is None or ending.end is None:
        return
    if ending.caller_left is None:
        yield Check(name, "Not known: no dial action, and the stamps are too close to tell.", None)
        return
    status = ending.dial.status if ending.dial else None
    by = f" (the dial action says {status})" if status and ending.caller_left_shown else ""
    at = ending.caller_left_by[0].at.at if ending.caller_left_by else None
    if ending.caller_left:
        yield Check(name, f"No, the caller had left{by}.", CALLER, ending.caller_left_by, at)
    else:
        yield Check(name, f"Yes{by}.", AI | OURS | REFUSED, ending.caller_left_by, at)


def _bye(case: Case, found: dict[str, Finding]) -> Iterator[Check]:
    name, child = "Who sent the BYE (Voice Insights)", case.call.child
    if child is None or not child.was_answered:
        return
    if child.disconnected_by is None:
        yield Check(name, "Not available: Insights is off, or its summary has not come.", None)
        return
    speaks_for = {"callee": AI | OURS, "caller": CALLER | OURS}.get(child.disconnected_by, frozenset())
    text = {"callee": "The AI's side.", "caller": "Twilio's side."}.get(child.disconnected_by, "Unknown.")
    yield Check(name, text, speaks_for, (child.summary,))


def _chain(case: Case, found: dict[str, Finding]) -> Iterator[Check]:
    finding, call = found.get("parent_followed_child"), case.call
    if finding and call.child and call.parent:
        dial = case.ending.dial
        seen = (
            call.child.ended,
            dial.asked if dial else None,
            dial.answered if dial else None,
            call.parent.ended,
        )
        text = "Amplifier: child completed → dial action → <Hangup/> → parent completed."
        yield Check("What our flow did then", text, frozenset(), seen, finding.start, finding.end)


def _sip(case: Case, found: dict[str, Finding]) -> Iterator[Check]:
    child = case.call.child
    if child is None or child.sip_code is None:
        return
    if child.sip_code >= 400:
        text, speaks_for = f"{child.sip_code}: the INVITE was refused.", REFUSED
    else:
        text, speaks_for = (
            f"{child.sip_code}: the INVITE was answered. It says nothing of the end.",
            frozenset(),
        )
    yield Check("SIP response", text, speaks_for, (child.ended,))


def _warnings(case: Case, found: dict[str, Finding]) -> Iterator[Check]:
    if dropped := found.get("header_dropped"):
        seen = tuple(w.seen for w in case.call.warnings if w.seen.position in dropped.evidence)
        text = "A correlation defect: a header was left out. It cannot end a call and is not the cause."
        yield Check("Twilio warning 32113 and kin", text, frozenset(), seen, dropped.start)


_QUESTIONS: tuple[Callable[[Case, dict[str, Finding]], Iterator[Check]], ...] = (
    _close, _silence, _speaking, _heard, _acts, _on_the_line, _bye, _chain, _sip, _warnings,
)  # fmt: skip
