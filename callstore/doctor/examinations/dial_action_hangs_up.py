"""Our own flow hangs up on the caller because the AI's leg completed, whoever had ended that.

`completed` with 200 says that the INVITE was answered and is over, not that the conversation was (reference:
https://www.twilio.com/docs/voice/twiml/dial#dialcallstatus).
"""

from callstore.doctor.examination import ExaminedCall, Sample, Severity, Symptom, counted, most, seen_in
from callstore.domain.call.observation import Observation

SEVERITY: Severity = "fault"
TITLE = "The <Dial action> answers <Hangup/> while the caller is still there"
ON = {"Dial", "Redirect", "Gather", "Enqueue", "Connect"}  # with one of them the caller is kept


def examine(sample: Sample) -> Symptom | None:
    """Each call that nobody had ended and whose caller was hung up on."""
    found = [call for call in sample.calls if _hung_up_on(call)]
    if not found:
        return None
    events = [evidence for call in found for evidence in seen_in(call, *_chain(call))]
    why = (
        f"{counted(len(found), len(sample.calls))} the AI's leg ended as `completed`, the caller was still"
        " there, neither agent nor application had ended the call, and our answer to the <Dial action> was"
        " <Hangup/>: a lost AI session became a dead line."
    )
    advice = sample.setup.url("/api/v1/calls/{DialCallSid}/advice?call_status={CallStatus}")
    paste = (
        f"GET {advice}&dial_call_status={{DialCallStatus}}\n"
        "and answer by its `advice` (docs/advice.md has the handler); when in doubt\n"
        "<Response><Redirect>/voice</Redirect></Response>"
    )
    return Symptom(why, most(events), paste)


def _hung_up_on(call: ExaminedCall) -> bool:
    ending = call.case.ending
    ask = ending.dial
    if ask is None or ask.answer is None or ask.dial_status != "completed":
        return False
    verbs = set(ask.answer.verbs)
    return "Hangup" in verbs and not verbs & ON and not ending.ours_acted and not ending.caller_left


def _chain(call: ExaminedCall) -> list[Observation | None]:
    """The child's end, the question, the answer, and the caller's end that it made."""
    ask, parent = call.case.ending.dial, call.case.call.parent
    answers = [ask.asked, ask.answered] if ask else []
    return [call.case.ending.end, *answers, parent.ended if parent else None]
