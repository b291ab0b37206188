"""The caller said nothing, the idle timeout made the agent speak, and the call ended (P13)."""

from collections.abc import Iterator

from callstore.domain.facts.spans import clamp, total
from callstore.findings.rule import Case, Finding, positions

BEFORE_END_S = 60.0
# More speech than this is a caller who was there.
SPEECH_S = 1.5


def find(case: Case) -> Iterator[Finding]:
    session, ending, hearing = case.call.session, case.ending, case.hearing
    if session is None or ending.moment is None:
        return
    late = [s for s in session.timeouts if ending.moment - s.at.at <= BEFORE_END_S]
    if not late:
        return
    spoken = hearing.caller if hearing.recorded else hearing.heard
    if total(clamp(spoken, late[0].at.at, ending.moment)) >= SPEECH_S:
        return
    yield Finding(
        slug="idle_chain",
        says=f"The caller was silent: the idle timeout fired {len(late)} times in the last minute.",
        certainty="shown" if hearing.hears_the_end else "consistent",
        evidence=positions(*late, ending.end),
        start=late[0].at.at,
        end=ending.moment,
        missing=() if hearing.hears_the_end else ("a recording: the AI may have been deaf",),
    )
