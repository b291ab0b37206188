"""`SipHeader_` in front of a header on the <Sip> URI: Twilio drops it, with 32113, and the call goes on.

https://www.twilio.com/docs/voice/twiml/sip (a custom header begins with X-), /docs/api/errors/32113
"""

from callstore.doctor.examination import Sample, Severity, Symptom, counted, most, seen_in

SEVERITY: Severity = "fault"
TITLE = "A header on the <Sip> URI is dropped (32113)"
PREFIX, USUAL = "SipHeader_", "X-Parent-CallSid"
DROPPED = "32113"


def examine(sample: Sample) -> Symptom | None:
    """The header as our TwiML wrote it, and Twilio's warning."""
    names: dict[str, None] = {}
    events, calls = [], set()
    for call in sample.calls:
        written = [
            (ask.answered, name)
            for ask in call.case.call.asks
            if ask.answer
            for name in ask.answer.sip_headers
            if name.startswith(PREFIX)
        ]
        warned = [w.seen for w in call.case.call.warnings if w.code == DROPPED]
        names |= dict.fromkeys(name for _, name in written)
        if found := seen_in(call, *(seen for seen, _ in written), *warned):
            events += found
            calls.add(call.id)
    if not events:
        return None
    wrong = next(iter(names), None)
    right = wrong.removeprefix(PREFIX) if wrong else USUAL
    said = (
        f"our TwiML wrote {wrong} on the <Sip> URI" if wrong else "a header on the <Sip> URI is not allowed"
    )
    why = (
        f"{counted(len(calls), len(sample.calls))} {said}. {PREFIX} is only how Twilio shows headers; in"
        f" TwiML it makes Twilio drop the header from the INVITE (warning {DROPPED}), so the AI's side never"
        " learns which call it belongs to."
    )
    paste = f"<Sip>sip:YOUR_PROJECT@sip.api.openai.com;transport=tls?{right}={{the parent's CallSid}}</Sip>"
    return Symptom(why, most(events), paste)
