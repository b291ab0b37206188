"""Which witnesses of an end are missing, and whom to ask for what: a verdict never hides what it lacks."""

from collections.abc import Iterator

from callstore.domain.analysis.meeting.topology import topology
from callstore.domain.facts.clock import iso
from callstore.domain.facts.vocabulary import VerdictWord
from callstore.findings.rule import Case

# Verdicts that rest on acts which were seen: no other witness would change them.
ON_ACTS: frozenset[VerdictWord] = frozenset({"natural_end", "app_ended", "caller_hung_up", "flow_ended"})


def missing(case: Case) -> tuple[str, ...]:
    """What nobody saw, in words."""
    call, session, hearing = case.call, case.call.session, case.hearing
    answered = call.child is not None and call.child.was_answered
    lacking = list(_without_leg(case))
    if answered and (session is None or session.frames == 0):
        lacking.append("no event of the AI session was seen")
    elif answered and case.ending.sockets.outlived:
        lacking.append("what the AI session did after its observer's socket had closed")
    elif answered and case.ending.sockets.unseen:
        lacking.append("what the AI session did after its observer was lost")
    elif answered and case.ending.close is None:
        lacking.append("no close of the AI session was observed")
    if answered and session and session.frames and not call.app_told:
        lacking.append("what the application did: its API calls and statements do not reach us")
    if case.ending.lost:
        lacking.append(f"events of the AI session that were lost on the way: {case.ending.lost}")
    if answered and not hearing.recorded:
        lacking.append("no recording of both channels")
    elif answered and case.ending.end and not hearing.hears_the_end:
        lacking.append("the recording does not reach the end of the AI leg")
    named = call.child and (call.child.disconnected_by in ("caller", "callee") or case.ending.departure)
    if call.child and answered and not named:
        lacking.append("who sent the BYE is not known (Voice Insights, disconnected_by)")
    if call.child and case.ending.caller_left is None and call.child.ended:
        lacking.append("whether the caller was still on the line when the AI leg ended")
    return tuple(lacking)


def _without_leg(case: Case) -> Iterator[str]:
    """What a call lacks of which no leg was seen: a trunk has no callbacks, another may have lost them."""
    if case.ending.leg is not None or case.call.session is None:
        return
    trunk = topology(case.call) == "elastic_trunk"
    yield (
        "the leg at Twilio, which on an Elastic SIP trunk has no callbacks: its status, length and end"
        if trunk
        else "the legs at Twilio: their status, their length and their end"
    )
    yield "who hung up: nothing but the AI's side was seen"
    if not case.hearing.recorded:
        yield "no recording of both channels"


def whom_to_ask(case: Case, verdict: VerdictWord, lacking: tuple[str, ...]) -> tuple[str, ...]:
    """What to ask for, and whom; nothing where the verdict stands without it."""
    call, session, ending = case.call, case.call.session, case.ending
    if verdict == "never_connected":
        return _refused(case)
    if verdict in ON_ACTS or not lacking:
        return ()
    steps = []
    answered = call.child is not None and call.child.was_answered
    if session and session.last and ending.moment is not None:
        # In time order whichever came last: frames may outlive the leg.
        start, end = sorted((session.last.at.at, ending.moment + ending.slack_s))
        steps.append(
            f"Ask OpenAI for the session log of {session.session_id or session.id} "
            f"between {iso(start)} and {iso(end)}."
        )
    elif answered:
        steps.append("Forward the session's sideband frames, or let callstore watch: nobody observed the AI.")
    if answered and not call.app_told:
        steps.append("Forward realtime.api_call and app.* events: they tell whether the application hung up.")
    if topology(call) == "elastic_trunk" and ending.leg is None:
        steps.append("Enable Voice Insights Advanced Features: of a trunk it alone tells who hung up.")
    if call.child and answered and call.child.disconnected_by not in ("caller", "callee"):
        steps.append("Enable Voice Insights Advanced Features: it names the side that sent the BYE.")
    if answered and not case.hearing.recorded:
        steps.append("Record both channels (record-from-answer-dual): it shows who was speaking.")
    if call.child and ending.caller_left is None and call.child.ended:
        steps.append(
            "Subscribe the conference's statusCallbackEvent join, leave and end: they tell who left first."
            if topology(call) == "conference"
            else "Give <Dial> an action: it tells whether the caller was still on the line."
        )
    if answered and verdict == "inconclusive" and not any(leg.changed for leg in call.legs.values()):
        steps.append(
            "Subscribe Event Streams (api-request.call.modified): it shows what our account changed."
        )
    return tuple(steps)


def _refused(case: Case) -> tuple[str, ...]:
    """A leg that was never answered has one witness: who answered its INVITE."""
    child = case.call.child
    if child is None or child.ended is None or child.was_answered:
        return ()
    code = f"{child.sip_code} " if child.sip_code else ""
    moment = iso(child.first.at.at if child.first else child.ended.at.at)
    return (f"Ask OpenAI why the INVITE of {child.sid} at {moment} was answered {code}({child.status}).",)
