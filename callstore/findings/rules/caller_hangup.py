"""The caller was gone when the AI leg ended (P3)."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions


def find(case: Case) -> Iterator[Finding]:
    ending = case.ending
    if not ending.caller_left or ending.end is None or ending.deserted:
        return
    yield Finding(
        slug="caller_hangup",
        says="The caller had left when the AI leg ended."
        if case.call.child
        else "The parent leg ended without our hanging up.",
        certainty="shown" if ending.caller_left_shown else "consistent",
        evidence=positions(*ending.caller_left_by, ending.end),
        start=ending.end.at.at,
        end=ending.end.at.latest,
        missing=() if ending.caller_left_shown else ("Voice Insights' disconnected_by of the parent",),
    )
