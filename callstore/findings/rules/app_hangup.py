"""The application hung up without the agent having finished (P2)."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions


def find(case: Case) -> Iterator[Finding]:
    ending = case.ending
    if ending.hangup is None or ending.finish or ending.end is None:
        return
    called = ending.finish_called
    missing = f"{ending.lost} events of the session: the agent's finish tool may be among them"
    yield Finding(
        slug="app_hangup",
        says="The application hung up; the agent's finish tool was "
        + ("called earlier." if called else "not called."),
        certainty="consistent" if ending.lost else "shown",
        evidence=positions(called, ending.hangup, ending.end),
        start=ending.hangup.at.at,
        end=ending.moment,
        missing=(missing,) if ending.lost else (),
    )
