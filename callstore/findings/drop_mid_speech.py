"""The session closed inside an open turn of the caller and the leg ended at once (P4b)."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions

# The leg follows a dropped session within seconds; one that lives on is a drop of the sideband only (P5).
FOLLOWS_S = 5.0


def check(case: Case) -> Iterator[Finding]:
    ending = case.ending
    close = ending.close
    if not (close and close.closed and ending.end and ending.open_turns):
        return
    if ending.finish or ending.hangup or ending.caller_left:
        return
    if ending.end.at.at - close.closed.at.at > FOLLOWS_S:
        return
    turn = ending.open_turns[-1]
    framed = close.received is not None
    yield Finding(
        slug="drop_mid_speech",
        says=f"The session closed with {close.code} while the AI was hearing the caller, and the leg ended.",
        certainty="shown" if framed else "consistent",
        evidence=positions(turn.started, close.closed, ending.end),
        start=turn.started.at.at if turn.started else close.closed.at.at,
        end=ending.end.at.middle,
        missing=() if framed else ("a close frame from the server",),
    )
