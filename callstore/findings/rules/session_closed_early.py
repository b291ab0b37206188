"""The AI session closed before the leg ended, with no error and nobody of ours acting (P4, close seen)."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions


def find(case: Case) -> Iterator[Finding]:
    ending = case.ending
    close = ending.close
    if close is None or ending.end is None or ending.acted:
        return
    first = ending.surely_after(close.seen.at.at)
    if not first and not _may_have_been_first(case):
        return
    sure = close.said or ending.gone is not None
    yield Finding(
        slug="session_closed_early",
        says=f"The AI session's socket closed with {close.code}"
        + (f" ({close.reason})" if close.reason else "")
        + (" by the server" if close.said else " without a close frame")
        + (" before the leg ended." if first else " as the leg ended, with the caller still on the line."),
        certainty="shown" if sure and first else "consistent",
        evidence=positions(close.seen, ending.gone, ending.end, *ending.caller_left_by),
        start=close.seen.at.at,
        end=ending.end.at.middle,
        missing=() if sure else ("a close frame",),
    )


def _may_have_been_first(case: Case) -> bool:
    """In the second of the end: by the server's frame, with a caller who was still there.

    A socket that is cut with its leg orders nothing; Voice Insights may, where it names the AI's side.
    """
    close, child = case.ending.close, case.call.child
    if case.ending.caller_left is None or close is None:
        return False
    return close.said or (child is not None and child.disconnected_by == "callee")
