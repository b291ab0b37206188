"""Deliveries that gave a proof, and a wrong one. Strangers, who give none, are no matter of the set-up."""

from callstore.doctor.examination import Sample, Severity, Symptom

SEVERITY: Severity = "fault"
TITLE = "A door refuses what it is sent"
# Named by an examination of their own.
NAMED = (("openai", "wrong signature"), ("openai", "timestamp out of tolerance"))


def examine(sample: Sample) -> Symptom | None:
    """The refusals by door and reason, each with its remedy."""
    wrong = [
        r
        for r in sample.setup.refusals
        if not r.by_stranger and (r.door, r.reason) not in NAMED and not r.looks_like
    ]
    if not wrong:
        return None
    told = "; ".join(f"/hooks/{r.door}/ {r.count} time{'s' * (r.count != 1)}: {r.reason}" for r in wrong)
    why = f"Refused, and nothing of it kept: {told}."
    return Symptom(why, (), "\n".join(dict.fromkeys(r.remedy or f"{r.door}: {r.reason}" for r in wrong)))
