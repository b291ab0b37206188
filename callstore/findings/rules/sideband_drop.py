"""An observer lost its socket while the session went on (P5): tools go unanswered, the call does not end."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions


def find(case: Case) -> Iterator[Finding]:
    lost, signs = case.ending.dropped, case.ending.lived_on
    if lost is None:
        return
    session = case.call.session
    framed = bool(session and session.last in signs)
    yield Finding(
        slug="sideband_drop",
        says=f"A sideband socket closed with {lost.code} and the session went on"
        + (": its frames came by another socket." if framed else "; nothing more of it was observed."),
        certainty="shown",
        evidence=positions(lost.seen, *signs),
        start=lost.seen.at.at,
        end=max(s.at.at for s in signs) if framed else case.ending.moment,
    )
