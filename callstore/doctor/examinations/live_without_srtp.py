"""A Live session is dialled without SRTP, which that API requires (`secure=true` on the <Sip> URI).

https://www.twilio.com/docs/voice/twiml/sip#secure-media
"""

from callstore.doctor.examination import ExaminedCall, Sample, Severity, Symptom, counted, most, seen_in
from callstore.domain.call.observation import Observation

SEVERITY: Severity = "fault"
TITLE = "The Live API is dialled without secure=true"
SECURE = "secure=true"


def examine(sample: Sample) -> Symptom | None:
    """The calls with a Live session whose <Sip> URI says nothing of SRTP."""
    plain = [(call, seen) for call in sample.calls if (seen := _plain(call))]
    if not plain:
        return None
    why = (
        f"{counted(len(plain), len(sample.calls))} a Live session was dialled by a <Sip> URI without"
        f" {SECURE}. The Live API takes media by SRTP alone: such a leg fails or stays mute."
    )
    paste = f"<Sip>sip:YOUR_PROJECT@sip.api.openai.com;transport=tls;{SECURE}</Sip>"
    return Symptom(why, most(e for call, seen in plain for e in seen_in(call, *seen)), paste)


def _plain(call: ExaminedCall) -> list[Observation]:
    live = [s.offered for s in call.case.call.sessions.values() if s.api == "live" and s.offered]
    written = [
        ask.answered
        for ask in call.case.call.asks
        if ask.answer
        for host, parameters in ask.answer.sip_targets
        if ask.answered
        and host.partition(":")[0].endswith(".openai.com")
        and SECURE not in parameters.split(";")
    ]
    return [*written, *live] if written and live else []
