"""Frames are gathered for seconds before they are forwarded: in the second that counts they are not here."""

from collections import defaultdict

from callstore.doctor.examination import Evidence, ExaminedCall, Sample, Severity, Symptom, counted, most
from callstore.domain.facts.clock import Clock
from callstore.domain.facts.events import Frame
from callstore.domain.facts.record import Record

SEVERITY: Severity = "missing"
TITLE = "Frames are forwarded in batches wider than a second"
WIDE_S = 1.0


def examine(sample: Sample) -> Symptom | None:
    """The widest batch of each call, where it is wider than a second."""
    wide = [(call, *widest) for call in sample.calls if (widest := _widest(call))]
    if not wide:
        return None
    width = max(last.occurred.at - first.occurred.at for _, first, last in wide)
    why = (
        f"{counted(len(wide), len(sample.calls))} frames came in batches of up to {width:.1f} s. What to do"
        " with a caller whose AI leg has just ended (docs/advice.md) then rests on what is seconds old, and"
        " what was gathered is lost with its process."
    )
    events = [Evidence(r.position, call.id) for call, first, last in wide for r in (first, last)]
    paste = "Send each batch after 0.5 s at the latest, and at once when a socket closes."
    return Symptom(why, most(events), paste)


def _widest(call: ExaminedCall) -> tuple[Record, Record] | None:
    """The first and the last frame of the delivery in which they lie farthest apart."""
    batches: defaultdict[float, list[Record]] = defaultdict(list)
    for record in call.records:
        if isinstance(record.event, Frame) and record.occurred.clock is Clock.APP:
            batches[record.received_at].append(record)
    ends = [
        (min(batch, key=lambda r: r.occurred.at), max(batch, key=lambda r: r.occurred.at))
        for batch in batches.values()
    ]
    first, last = max(ends, key=lambda pair: pair[1].occurred.at - pair[0].occurred.at, default=(None, None))
    if first is None or last is None or last.occurred.at - first.occurred.at <= WIDE_S:
        return None
    return first, last
