"""The session closed inside an open turn of the caller and the leg ended at once (P4b)."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions

# The leg follows a dropped session within seconds; one that lives on is a drop of the sideband only (P5).
FOLLOWS_S = 5.0


def find(case: Case) -> Iterator[Finding]:
    ending = case.ending
    close = ending.close
    if not (close and ending.end and ending.open_turns) or ending.acted:
        return
    if ending.surely_after(close.seen.at.at + FOLLOWS_S):
        return
    turn = ending.open_turns[-1]
    yield Finding(
        slug="drop_mid_speech",
        says=f"The session closed with {close.code} while the AI was hearing the caller, and the leg ended.",
        certainty="shown" if close.said else "consistent",
        evidence=positions(turn.started, close.seen, ending.end),
        start=turn.started.at.at if turn.started else close.seen.at.at,
        end=ending.end.at.middle,
        missing=() if close.said else ("a close frame from the server",),
    )
