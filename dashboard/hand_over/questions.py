"""What a provider's support asks, answered from the call, as Markdown. Pure."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from callstore.domain.facts.record import Record
from callstore.report import wording
from callstore.report.document import Report
from dashboard.hand_over import for_openai, for_twilio
from dashboard.hand_over.answers import UNKNOWN

Vendor: TypeAlias = Literal["openai", "twilio"]
NAMES: dict[Vendor, str] = {"openai": "OpenAI", "twilio": "Twilio"}
ASKED = {"openai": for_openai.answers, "twilio": for_twilio.answers}


def questions(vendor: Vendor, call: Report, facts: Sequence[Record]) -> str:
    """The questions of a vendor with their answers, of a call and its facts that were disguised before."""
    started = call["started_at"] or "the first event"
    lines = [
        f"# For {NAMES[vendor]}: {_line(wording.headline(call))}",
        "",
        _line(wording.sentence(call)),
        "",
        f"Times are UTC. Seconds count from {started}.",
        "",
    ]
    for number, (question, answers) in enumerate(ASKED[vendor](call, facts), 1):
        lines += [f"## {number}. {question}", "", *(f"- {_line(each)}" for each in answers or [UNKNOWN]), ""]
    return "\n".join(lines)


def _line(text: str) -> str:
    """One line, whatever a provider or a caller wrote into it."""
    return "".join(c if c.isprintable() else " " for c in text).strip()
