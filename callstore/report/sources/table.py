"""Every source of a call and what became of it: absence always has a reason.

Nothing here knows the time: a source is late when the latest receipt in the call's own log says so.
"""

from collections.abc import Callable

from callstore.domain.facts.clock import iso
from callstore.domain.facts.vocabulary import SourceName
from callstore.findings.rule import Case
from callstore.report.document_judgement import SourcePart
from callstore.report.sources import ai, telephony
from callstore.report.sources.state import State


def sources(of: Case) -> dict[SourceName, State]:
    """Every source by name."""
    return {name: ask(of) for name, ask in SOURCES.items()}


def details(states: dict[SourceName, State]) -> dict[SourceName, SourcePart]:
    """The same as JSON."""
    return {
        name: {"state": s.word, "why": s.why, "expected_until": iso(s.until)} for name, s in states.items()
    }


SOURCES: dict[SourceName, Callable[[Case], State]] = {
    "child_callbacks": telephony.child_callbacks,
    "parent_callbacks": telephony.parent_callbacks,
    "dial_action": telephony.dial_action,
    "ai_webhook": ai.webhook,
    "ai_events": ai.events,
    "ai_close": ai.close,
    "transcript": ai.transcript,
    "recording": telephony.recording,
    "insights": telephony.insights,
    "twilio_transcript": telephony.twilio_transcript,
}
