"""What a smoke test says: one sentence a fault, and what to do."""

from typing import NamedTuple

from callstore.doctor.examination import DiagnosisJson


class Fault(NamedTuple):
    """What is wrong in one sentence, and the command or setting that mends it."""

    key: str
    says: str
    paste: str

    def as_json(self) -> DiagnosisJson:
        """In the shape of a finding of the doctor's; no event proves it."""
        return {
            "key": f"smoke_{self.key}",
            "severity": "fault",
            "title": self.says,
            "why": self.says,
            "events": [],
            "paste": self.paste,
        }
