"""Frames came, and no close of the session: the one witness of who ended it is missing.

OpenAI has no webhook for a call's end; a socket's close is all there is.
"""

from callstore.doctor.examination import ExaminedCall, Sample, Severity, Symptom, counted, most, seen_in
from callstore.domain.call.observation import Observation

SEVERITY: Severity = "missing"
TITLE = "The end of the AI's session is not told"
CLOSES_S = 10.0  # a socket closes within seconds of its leg


def examine(sample: Sample) -> Symptom | None:
    """The calls whose session was observed and never seen to end."""
    observed = [call for call in sample.told(CLOSES_S) if _frames(call)]
    unseen = [call for call in observed if not _closed(call)]
    if not unseen:
        return None
    why = (
        f"{counted(len(unseen), len(observed))} with events of the AI's session, no close of it was seen."
        " There is no other end-of-session witness, so nobody knows whether it was lost first."
    )
    events = [e for call in unseen for e in seen_in(call, _last(call), call.case.ending.end)]
    paste = (
        "async for message in socket: forward(message)\n"
        "# and when the loop has ended, whatever ended it, one CloudEvent of type realtime.socket.closed:\n"
        '{"call_id": "rtc_…", "connection_id": "…", "code": socket.close_code, "reason": "…"}\n'
        "# or have it observed by `manage.py watch`, which tells it by itself"
    )
    return Symptom(why, most(events), paste)


def _last(call: ExaminedCall) -> Observation | None:
    return call.case.call.session.last if call.case.call.session else None


def _frames(call: ExaminedCall) -> int:
    return call.case.call.session.frames if call.case.call.session else 0


def _closed(call: ExaminedCall) -> bool:
    session = call.case.call.session
    return bool(session and (session.parting or session.closes)) or call.case.ending.gone is not None
