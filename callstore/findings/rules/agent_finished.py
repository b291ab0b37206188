"""The agent ended the call with its finish tool, and the leg ended after the goodbye (P1)."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions


def find(case: Case) -> Iterator[Finding]:
    ending = case.ending
    if not (ending.finish and ending.end):
        return
    hung_up = ending.hangup is not None
    yield Finding(
        slug="agent_finished",
        says="The agent called its finish tool"
        + (" and the application hung up." if hung_up else "; no hang-up by the application was seen."),
        certainty="shown" if hung_up else "consistent",
        evidence=positions(ending.finish, ending.hangup, ending.end),
        start=ending.finish.at.at,
        end=ending.moment,
        missing=() if hung_up else ("the application's hang-up",),
    )
