"""OpenAI's webhooks come seconds late: the caller hears it ring, and the INVITE may be given up meanwhile."""

from callstore.doctor.examination import Evidence, ExaminedCall, Sample, Severity, Symptom, counted, most
from callstore.domain.facts.clock import Clock
from callstore.domain.facts.events import LegStatus, SessionOffered
from callstore.domain.facts.record import Record

SEVERITY: Severity = "fault"
TITLE = "OpenAI's webhooks come later than 5 s"
LATE_S = 5.0
# Callbacks that happened about when the webhook was made: by them it is told from a call that was sent late.
BEFORE_S, AFTER_S = 10.0, 2.0


def examine(sample: Sample) -> Symptom | None:
    """The calls whose webhook took longer than Twilio's callbacks of the same moment, by more than 5 s."""
    late = [(call, *found) for call in sample.calls if (found := _late(call))]
    if not late:
        return None
    longest = max(by_s for *_, by_s in late)
    why = (
        f"{counted(len(late), len(sample.calls))} the webhook of the incoming call arrived up to"
        f" {longest:.0f} s late, while Twilio's callbacks of that moment were in time. An accept that late"
        " finds a caller who has gone, or no call."
    )
    paste = (
        f"OpenAI → project → Webhooks: see the deliveries of {sample.setup.url('/hooks/openai/')} for"
        " attempts that failed;\nwhat answers before it (proxy, firewall, DNS) must let the first one in."
    )
    events = [Evidence(r.position, call.id) for call, *records, _ in late for r in records]
    return Symptom(why, most(events), paste)


def _late(call: ExaminedCall) -> tuple[Record, Record, float] | None:
    """The webhook, the callback that was in time, and by how much the webhook took longer."""
    offers = [r for r in call.records if isinstance(r.event, SessionOffered)]
    offer = min(offers, key=lambda r: r.received_at, default=None)
    if offer is None or offer.occurred.clock is not Clock.PROVIDER:
        return None
    near = [
        r
        for r in call.records
        if isinstance(r.event, LegStatus)
        and r.occurred.clock is Clock.PROVIDER
        and -BEFORE_S <= r.occurred.at - offer.occurred.at <= AFTER_S
    ]
    quickest = min(near, key=_lag, default=None)
    if quickest is None or _lag(offer) - _lag(quickest) <= LATE_S:
        return None
    return offer, quickest, _lag(offer) - _lag(quickest)


def _lag(record: Record) -> float:
    """From the last moment at which it can have happened until it was received."""
    return record.received_at - record.occurred.latest
