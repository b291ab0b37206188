"""Somebody's clock is wrong: facts that happened after they arrived, sessions that began unasked."""

from callstore.doctor.examination import Evidence, ExaminedCall, Sample, Severity, Symptom, counted, most
from callstore.domain.facts.clock import Clock
from callstore.domain.facts.record import Record

SEVERITY: Severity = "fault"
TITLE = "A clock is wrong"
OFF_S = 1.0  # hosts that keep time agree to a tenth of that
SET = "chronyc -a makestep    # or timedatectl set-ntp true"


def examine(sample: Sample) -> Symptom | None:
    """The application's clock and ours, by what cannot be; and webhooks that our clock makes too old."""
    says, events, hosts = [], [], []
    if late := sum(r.count for r in sample.setup.refusals if r.reason == "timestamp out of tolerance"):
        says.append(f"{late} webhooks were more than 5 min from this host's clock, and refused.")
        hosts.append("this host")
    if ours := [(call, record) for call in sample.calls if (record := _ours_behind(call))]:
        worst = max(record.occurred.at - record.received_at for _, record in ours)
        says.append(
            f"{counted(len(ours), len(sample.calls))} the clock of this host is {worst:.0f} s behind Twilio's"
            " and OpenAI's: what they say arrived before it happened."
        )
        events += [Evidence(record.position, call.id) for call, record in ours]
        hosts.append("this host")
    if theirs := [call for call in sample.calls if abs(call.case.call.app_ahead_s) > OFF_S]:
        worst = max((call.case.call.app_ahead_s for call in theirs), key=abs)
        where = "ahead" if worst > 0 else "behind"
        says.append(
            f"{counted(len(theirs), len(sample.calls))} the application's clock is {abs(worst):.0f} s"
            f" {where}; its moments were set right by that much."
        )
        events += [e for call in theirs for e in _shown(call)]
        hosts.append("the application's host")
    if not says:
        return None
    return Symptom(" ".join(says), most(events), f"On {' and '.join(dict.fromkeys(hosts))}:\n{SET}")


def _ours_behind(call: ExaminedCall) -> Record | None:
    """A provider's fact that we received before it happened, the farthest of them."""
    stamped = [r for r in call.records if r.occurred.clock is Clock.PROVIDER]
    first = min(stamped, key=lambda r: r.received_at - r.occurred.at, default=None)
    return first if first and first.occurred.at - first.received_at > OFF_S else None


def _shown(call: ExaminedCall) -> list[Evidence]:
    """What shows that the application's clock is off: an anomaly, or what came before it happened."""
    behind = [a for a in call.case.call.anomalies if a.kind == "app_clock_behind"]
    if behind:
        return [Evidence(position, call.id) for anomaly in behind for position in anomaly.positions]
    stamped = [r for r in call.records if r.occurred.clock is Clock.APP]
    first = min(stamped, key=lambda r: r.received_at - r.occurred.at, default=None)
    return [Evidence(first.position, call.id)] if first else []
