"""Questions to the line: was the caller speaking, still there, who sent the BYE, which limit was near."""

from collections.abc import Iterator

from callstore.domain.analysis.other_transcripts import of_caller
from callstore.domain.facts.spans import Spans, clamp, merge
from callstore.findings.rule import Case
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
from callstore.verdict.truncation import CLOSING_S

# Who hangs up has mostly stopped speaking a second before (pattern P3).
LEAVING_S = 1.0


def speaking(case: Case, found: Findings) -> Iterator[Evidence]:
    name, hearing = "Caller speaking at the end", case.hearing
    if case.ending.end is None or (case.call.child and not case.call.child.was_answered):
        return
    end = hearing.leg_end
    words = of_caller(case.words)
    if end is not None and hearing.hears_the_end:
        analysed = hearing.recording.analysed if hearing.recording else None
        yield _speaking(name, "in the recording", hearing.caller, end)._replace(seen=(analysed,))
    elif end is not None and hearing.received and hearing.received.reaches(end):
        yield _speaking(name, "in what the AI's sideband reflected", hearing.received_own, end)
    elif end is not None and words:
        spans = merge((w.start, w.end) for w in words)
        if clamp(spans, end - CLOSING_S, end):
            yield _speaking(name, "by Twilio's transcription", spans, end)
        else:
            text = f"Twilio's transcription has no words of the last {CLOSING_S:g} s, which is no silence."
            yield Evidence(name, text, None)
    elif hearing.recorded and end is not None and hearing.recording_end is not None:
        short = end - hearing.recording_end
        yield Evidence(name, f"The recording stops {short:.1f} s before the leg ended.", None)
    else:
        yield Evidence(name, "No recording of both channels.", None)


def _speaking(name: str, where: str, spans: Spans, end: float) -> Evidence:
    late = clamp(spans, end - CLOSING_S, end)
    last = max((e for _, e in spans), default=None)
    if late:
        text = f"Yes: caller speech {where} up to {end - late[-1][1]:.1f} s before the end."
        speaks_for: Verdicts = AI | LIMIT | {"app_ended", "false_finish", "flow_ended"}
        if end - late[-1][1] >= LEAVING_S:
            speaks_for |= CALLER
        return Evidence(name, text, speaks_for, (), late[0][0], late[-1][1])
    text = f"No: silent for the last {end - last:.1f} s." if last else "No caller speech at all."
    speaks_for = (OURS | CALLER | LIMIT | REFUSED | AI) - {"ai_silent_first", "false_finish"}
    return Evidence(name, text, speaks_for, (), last, end)


def acts(case: Case, found: Findings) -> Iterator[Evidence]:
    name, ending = "Finish tool, hang-up or exception of ours", case.ending
    if ending.finish:
        text = "The agent's finish tool was called" + (" and we hung up." if ending.hangup else ".")
        yield Evidence(
            name, text, (OURS - {"app_ended"}) | USELESS, (ending.finish, ending.hangup), ending.finish.at.at
        )
    elif ending.hangup:
        yield Evidence(
            name, "The application hung up.", OURS | USELESS, (ending.hangup,), ending.hangup.at.at
        )
    elif case.call.session:
        wrong = [s.seen for s in case.call.said if s.what == "exception"]
        text = "An exception of the application." if wrong else "None was seen."
        yield Evidence(name, text, AI | CALLER | REFUSED | LIMIT | {"flow_ended"}, tuple(wrong))


def taken(case: Case, found: Findings) -> Iterator[Evidence]:
    name = "Our REST or TwiML on the legs"
    for slug in ("flow_redirect", "refer_lost"):
        if finding := found.get(slug):
            seen = case.ending.took.seen if case.ending.took else ()
            if case.ending.refer and slug == "refer_lost":
                seen = (case.ending.refer.seen,)
            yield Evidence(name, finding.says, frozenset({"flow_ended"}), seen, finding.start, finding.end)


def on_the_line(case: Case, found: Findings) -> Iterator[Evidence]:
    name, ending = "Caller still on the line when the AI leg ended", case.ending
    if case.call.child is None or ending.end is None:
        return
    if ending.caller_left is None:
        yield Evidence(name, "Not known: no dial action, and the stamps are too close to tell.", None)
        return
    status = ending.dial.status if ending.dial else None
    by = f" (the dial action says {status})" if status and ending.caller_left_shown else ""
    at = ending.caller_left_by[0].at.at if ending.caller_left_by else None
    if ending.caller_left:
        speaks_for: Verdicts = CALLER | USELESS | REFUSED | {"flow_ended"}
        yield Evidence(name, f"No, the caller had left{by}.", speaks_for, ending.caller_left_by, at)
    else:
        yield Evidence(name, f"Yes{by}.", AI | OURS | REFUSED | LIMIT, ending.caller_left_by, at)


def bye(case: Case, found: Findings) -> Iterator[Evidence]:
    name, child = "Who sent the BYE (Voice Insights)", case.call.child
    if child is None or not child.was_answered:
        return
    if child.disconnected_by not in ("callee", "caller"):
        yield Evidence(name, "Not available: Insights is off, or its summary has not come.", None)
    elif child.disconnected_by == "callee":
        speaks_for = AI | LIMIT | REFUSED | (OURS - {"flow_ended"})
        yield Evidence(name, "The AI's side.", speaks_for, (child.summary,))
    else:
        yield Evidence(name, "Twilio's side.", CALLER | OURS | LIMIT | REFUSED | USELESS, (child.summary,))


def limits(case: Case, found: Findings) -> Iterator[Evidence]:
    for slug in ("max_duration", "twilio_limit"):
        if finding := found.get(slug):
            yield Evidence("Time limits", finding.says, LIMIT, (case.ending.end,), finding.start, finding.end)


def chain(case: Case, found: Findings) -> Iterator[Evidence]:
    finding, call, dial = found.get("parent_followed_child"), case.call, case.ending.dial
    if finding and call.child and call.parent:
        asked = (dial.asked, dial.answered) if dial else ()
        text = f"Child {call.child.status} → dial action → <Hangup/> → parent {call.parent.status}."
        seen = (call.child.ended, *asked, call.parent.ended)
        yield Evidence("What our flow did then", text, NOTHING, seen, finding.start, finding.end)


def sip(case: Case, found: Findings) -> Iterator[Evidence]:
    child = case.call.child
    if child is None or child.sip_code is None:
        return
    text, speaks_for = f"{child.sip_code}: the INVITE was answered. It says nothing of the end.", NOTHING
    if child.sip_code >= 400:
        text, speaks_for = f"{child.sip_code}: the INVITE was refused.", REFUSED | CALLER
    yield Evidence("SIP response", text, speaks_for, (child.ended,))


def warnings(case: Case, found: Findings) -> Iterator[Evidence]:
    if dropped := found.get("header_dropped"):
        told = [w for w in case.call.warnings if w.seen.position in dropped.evidence]
        name = f"Warning {', '.join(sorted({w.code for w in told}))}"
        text = "A correlation defect: a header was left out. It cannot end a call and is not the cause."
        yield Evidence(name, text, NOTHING, tuple(w.seen for w in told), dropped.start)
