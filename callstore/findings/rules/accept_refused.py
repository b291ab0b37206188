"""OpenAI refused every accept of our application, so that nobody took the call."""

from collections.abc import Iterator

from callstore.domain.analysis.answering import CLOCKS_S, accepts_not_found, accepts_refused, was_asked
from callstore.findings.rule import Case, Finding, positions


def find(case: Case) -> Iterator[Finding]:
    call, session, ending = case.call, case.call.session, case.ending
    refused = accepts_refused(session)
    if not refused or session is None or session.frames or ending.end is None:
        return
    if (call.child and call.child.was_answered) or accepts_not_found(call) or not was_asked(call):
        return
    # Of a caller who had left nothing was to be had any more.
    late = refused[0].seen.at.at > ending.end.at.latest + CLOCKS_S
    if late and ending.caller_left:
        return
    answers = ", ".join(dict.fromkeys(str(a.status) for a in refused))
    yield Finding(
        slug="accept_refused",
        says=f"OpenAI refused every accept of our application ({len(refused)}, answered with {answers})"
        + (", the first of which came after the AI leg had ended." if late else "."),
        certainty="consistent" if late else "shown",
        evidence=positions(session.offered, *(a.seen for a in refused), ending.end),
        start=refused[0].seen.at.at,
        end=ending.end.at.latest,
        missing=("an accept in time",) if late else (),
    )
