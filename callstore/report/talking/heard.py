"""What reached the AI of the caller, as its own sideband reflected it."""

from callstore.domain.analysis.live.reflection import Reflection
from callstore.domain.facts.spans import Spans
from callstore.findings.rule import Case
from callstore.report.document_judgement import HeardPart, ReflectedPart
from callstore.report.parts import seconds


def heard_by_ai(of: Case) -> HeardPart | None:
    """The caller's speech that reached a Live session, and of which time it is known; None of any other."""
    received = of.hearing.received
    if received is None:
        return None
    return {
        "speech": _stretches(of, received, received.speech),
        "kept": _stretches(of, received, received.kept),
    }


def _stretches(of: Case, received: Reflection, spans: Spans) -> list[ReflectedPart]:
    return [
        {
            "start_s": seconds(of, start),
            "end_s": seconds(of, end),
            "positions": list(received.positions((start, end))),
        }
        for start, end in spans
    ]
