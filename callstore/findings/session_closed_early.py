"""The AI session closed before the leg ended, with no error and nobody of ours acting (P4, close seen)."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions


def check(case: Case) -> Iterator[Finding]:
    ending = case.ending
    close = ending.close
    if not (close and close.closed and ending.end):
        return
    if ending.finish or ending.hangup or ending.caller_left:
        return
    first = close.closed.at.surely_before(ending.end.at)
    # A close in the same second as the end tells nothing of order, unless the caller was still there.
    if not first and ending.caller_left is None:
        return
    framed = close.received is not None
    yield Finding(
        slug="session_closed_early",
        says=f"The AI session's socket closed with {close.code}"
        + (f" ({close.reason})" if close.reason else "")
        + (" by the server" if framed else " without a close frame")
        + (" before the leg ended." if first else " as the leg ended, with the caller still on the line."),
        certainty="shown" if framed and first else "consistent",
        evidence=positions(close.closed, ending.end, *ending.caller_left_by),
        start=close.closed.at.at,
        end=ending.end.at.middle,
        missing=() if framed else ("a close frame",),
    )
