"""Who waited for whom: long silence, both speaking at once, and where the caller cut the agent off."""

from collections.abc import Iterator

from callstore.report.document import Report
from callstore.report.talking.numbers import WITNESS
from dashboard.call.lanes.mark import Mark, mark

# Longer than people are used to wait for an answer; shorter silence is a pause, and would only be noise here.
LONG_S = 3.0


def turn_taking(document: Report, horizon: float) -> Iterator[Mark]:
    """The longest dead air if it was long, all talk over, and each interruption."""
    seen, basis = document.get("conversation"), document.get("numbers_basis")
    if not seen or not basis:
        return
    by = WITNESS[basis]
    if (air := seen["dead_air"]) and air[1] - air[0] >= LONG_S:
        yield mark(
            "turn_taking", "state", f"{air[1] - air[0]:.1f} s of dead air", air[0], air[1],
            role="parent-early", style="hatch", detail=f"the longest time in which neither spoke, {by}",
            positions=seen["positions"],
        )  # fmt: skip
    for start, end in seen["talk_over"]:
        yield mark(
            "turn_taking", "speech", "both speak", start, end,
            role="caller", detail=by, positions=seen["positions"],
        )  # fmt: skip
    for at in seen["interruptions"]:
        yield mark(
            "turn_taking", "moment", "caller cuts in", at,
            role="caller", detail=f"the agent falls silent for the caller, {by}", positions=seen["positions"],
        )  # fmt: skip


def nothing(document: Report) -> str:
    """Why the lane is empty."""
    if document.get("conversation"):
        return f"Nobody spoke over the other, and no silence lasted {LONG_S:.0f} s"
    return "Not known: no recording of both sides, and no AI event says who spoke when"
