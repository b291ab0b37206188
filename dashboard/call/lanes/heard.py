"""What the AI heard of the caller: what its sideband reflected, or when its voice detector was open."""

from collections.abc import Iterator

from callstore.report.document import Report
from callstore.report.document_judgement import HeardPart
from dashboard.call.lanes.mark import Mark, mark

LANE = "heard_by_ai"


def heard_by_ai(document: Report, horizon: float) -> Iterator[Mark]:
    """A Live session's lane is a measurement, with its holes; any other's is its detector's."""
    heard, ai = document.get("heard_by_ai"), document.get("session")
    if heard:
        yield from _reflected(heard)
        yield from _not_heard(document)
    elif ai and ai["api"] != "live":
        yield from _detected(document)
    for start, end in ai["input_held"] if ai else ():
        if start is not None:
            yield mark(
                LANE, "state", "given silence", start, end, role="signal", style="hatch",
                detail="the input was muted, or a fixture played: whatever was said was dropped",
            )  # fmt: skip


def nothing(document: Report) -> str:
    """Why nothing is on the lane of a session that was observed."""
    ai = document.get("session")
    if document.get("heard_by_ai"):
        return "Nothing that the sideband reflected was speech"
    if ai and ai["api"] == "live":
        return "Nobody kept what the sideband reflected, and Live tells of no voice detector"
    return "The AI's voice detector never opened"


def _reflected(heard: HeardPart) -> Iterator[Mark]:
    for span in heard["speech"]:
        if span["start_s"] is not None:
            yield mark(
                LANE, "speech", "caller speaks", span["start_s"], span["end_s"], role="caller",
                detail="as it reached the AI, by its sideband", positions=span["positions"],
            )  # fmt: skip
    for before, after in zip(heard["kept"], heard["kept"][1:], strict=False):
        if before["end_s"] is not None:
            yield mark(
                LANE, "state", "not kept", before["end_s"], after["start_s"], role="signal", style="dotted",
                detail="nobody kept what the sideband reflected: what reached the AI is not known",
                positions=[*before["positions"][-1:], *after["positions"][:1]],
            )  # fmt: skip


def _not_heard(document: Report) -> Iterator[Mark]:
    for gap in document.get("gaps") or ():
        if gap["kind"] == "not_heard":
            yield mark(
                LANE, "gap", "nothing reached the AI", gap["start_s"], gap["end_s"],
                role="gap", style="hatch",
                detail="the caller speaks in the recording, and the sideband reflected silence or nothing",
                suspicious=True,
            )  # fmt: skip


def _detected(document: Report) -> Iterator[Mark]:
    for turn in document.get("turns") or ():
        if turn["start_s"] is not None and turn["end_s"] is not None:
            yield mark(
                LANE, "speech", "detector open", turn["start_s"], turn["end_s"], role="caller",
                detail="the AI's voice detector heard somebody speak", positions=turn["positions"],
            )  # fmt: skip
