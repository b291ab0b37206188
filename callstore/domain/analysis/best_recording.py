"""Which recording tells most, where its stamps put it, and from when to when it is of the AI leg."""

from callstore.domain.call.call import Call, Leg
from callstore.domain.call.media import Recording
from callstore.domain.facts.events import Span

# A caller's leg and the AI's.
MOST_LEGS = 2
# Ends of a leg and of its recording come in whole seconds: further apart than this is another end.
SAME_END_S = 1.5
# The dial action is asked right after the leg's end, how soon is not published; the second bounds a guess.
ASKED_S = 0.25


def best_recording(call: Call) -> Recording | None:
    """The recording that tells most of the AI leg: two channels before one, then the longest.

    What OpenAI keeps of a session is no witness of who spoke: its channels are not documented.
    """
    known = (r for r in call.recordings.values() if not r.is_of_session)
    analysed = [r for r in known if r.analysis and not _of_another(call, r)]
    return max(
        analysed,
        key=lambda r: (
            (r.analysis.channels >= 2, r.analysis.duration_s, r.sid) if r.analysis else (False, 0.0, "")
        ),
        default=None,
    )


def _of_another(call: Call, recording: Recording) -> bool:
    """Whether it is of another conversation: by its leg, or by its stamps where the call had several legs."""
    leg, mine = call.legs.get(recording.leg), call.ai_leg
    if leg is not None and leg.parent is not None and leg is not mine:
        return True
    start, began = recording.started_at, mine.answered if mine else None
    several = bool(call.others) or len(call.legs) > MOST_LEGS
    if not several or start is None or began is None or mine is None or recording.analysis is None:
        return False
    until = mine.ended.at.latest if mine.ended else start + 1.0
    return start + recording.analysis.duration_s < began.at.at or start > until


def ended_at(call: Call) -> float | None:
    """When the AI leg ended by Twilio's clock: in the second of its stamp, just before the dial action."""
    leg = call.ai_leg
    if leg is None or leg.ended is None:
        return None
    stamp = leg.ended.at
    asked = [a.asked.at.at for a in call.asks if a.kind == "dial" and a.child == leg.sid and a.asked]
    if not asked or not stamp.at <= asked[0] <= stamp.latest + ASKED_S:
        return stamp.middle
    return min(max(asked[0] - ASKED_S, stamp.at), stamp.latest)


def nominal_start(recording: Recording, leg: Leg | None, duration_s: float) -> float | None:
    """Where the whole-second stamps put the recording's first sample, mid-second."""
    if recording.started_at is not None:
        return recording.started_at + 0.5
    if leg and leg.answered:
        return leg.answered.at.middle
    if leg and leg.ended:
        return leg.ended.at.middle - duration_s
    return None


def leg_in(start: float, offset_s: float, duration_s: float, leg: Leg | None, ended: float | None) -> Span:
    """From when to when the recording is of the AI leg: it may have begun before and go on after.

    A recording that ends with the leg knows that moment better than a whole second does.
    """
    begin, end = start, start + duration_s
    answered = leg.answered if leg else None
    earlier = answered is not None and answered.at.middle + offset_s - start > SAME_END_S
    if answered and earlier:
        begin = answered.at.at + offset_s
    # What began before the leg is a recording of more than the leg, and ends when it pleases.
    if ended is not None and (earlier or abs(end - offset_s - ended) > SAME_END_S):
        end = min(ended + offset_s, end) if earlier else ended + offset_s
    return begin, end
