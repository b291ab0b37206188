"""Nobody tells what the AI did: no observer watches its sessions, and no frame is forwarded."""

from callstore.doctor.examination import (
    ExaminedCall,
    Sample,
    Severity,
    Symptom,
    counted,
    most,
    mostly,
    seen_in,
)
from callstore.domain.call.observation import Observation

SEVERITY: Severity = "fault"
TITLE = "Nobody observes the AI's sessions"


def examine(sample: Sample) -> Symptom | None:
    """The answered calls of which no event of a session is known."""
    talked = [call for call in sample.told() if call.talked and call.is_to_the_ai]
    unseen = [call for call in talked if not any(s.frames for s in call.case.call.sessions.values())]
    if not mostly(len(unseen), len(talked)):
        return None
    why = (
        f"{counted(len(unseen), len(talked))} that the AI answered, not one event of its session came: what"
        " it heard, said and did is not known, nor when it ended."
    )
    events = [e for call in unseen for e in seen_in(call, *_signs(call))]
    door = sample.setup.url("/hooks/app/")
    paste = (
        "OPENAI_API_KEY=sk-…    # and run `manage.py watch` beside the others: it observes by itself\n"
        f"or forward every server event as `realtime.frame` to {door}"
    )
    return Symptom(why, most(events), paste)


def _signs(call: ExaminedCall) -> list[Observation | None]:
    """What shows that there was a session: its offer, and the answer of its leg."""
    session, leg = call.case.call.session, call.case.ending.leg
    return [session.offered if session else None, leg.answered if leg else None]
