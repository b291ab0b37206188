"""What was said as text: the agent's replies, the caller's turns, and caller speech nobody wrote down."""

from collections.abc import Iterator

from callstore.domain.facts.vocabulary import LossKind, TurnState
from callstore.report.document import Report
from callstore.report.document_judgement import GapPart
from callstore.report.document_parts import TurnPart
from dashboard.call.lanes.mark import Mark, Style, mark
from dashboard.call.lanes.other_transcripts import positions, quoted

STATES: dict[TurnState, tuple[str, Style]] = {
    "failed": ("transcription failed", "hatch"),
    "missing": ("no transcript came", "dotted"),
    "open": ("the AI heard a turn begin, no transcript", "dotted"),
}
HEARD: dict[LossKind, str] = {
    "not_heard": "not heard by the AI",
    "heard_not_transcribed": "heard by the AI, no transcript",
    "unknown": "no transcript; whether the AI heard it is not known: Live tells of no voice detector",
}
# A reply whose end nobody saw is drawn this long.
SHORT_S = 0.5


def agent(document: Report, horizon: float) -> Iterator[Mark]:
    """The agent's replies as they were played, in every conversation."""
    others = document.get("other_conversations") or ()
    for reply in (*(r for other in others for r in other["replies"]), *(document.get("replies") or ())):
        start = reply["start_s"]
        if start is None or not (reply["text"] or reply["error"]):
            continue
        notes = [note for note, holds in (("cut off while playing", reply["cut"]),) if holds]
        notes += [f"response {reply['status']}"] if reply["status"] not in (None, "completed") else []
        notes += [f"{reply['reason'] or ''} {reply['error'] or ''}".strip()] if reply["error"] else []
        yield mark(
            "agent_text", "words", reply["text"] or "response failed", start,
            max(reply["end_s"] or 0.0, start + SHORT_S),
            role="agent" if reply["text"] else "error", style="solid" if reply["text"] else "hatch",
            detail=" · ".join(notes) or None,
            suspicious=reply["status"] == "failed", positions=reply["positions"],
        )  # fmt: skip


def caller(document: Report, horizon: float) -> Iterator[Mark]:
    """The caller's turns, and each gap over the silent turns it covers."""
    gaps = document.get("gaps") or []
    for other in document.get("other_conversations") or ():
        yield from (_turn(turn["start_s"], turn) for turn in other["turns"] if turn["start_s"] is not None)
    turns = [(start, turn) for turn in document.get("turns") or () if (start := turn["start_s"]) is not None]
    silent = [(start, turn) for start, turn in turns if turn["state"] != "transcribed"]
    for start, turn in turns:
        if turn["state"] == "transcribed" or not any(_shared(gap, start, turn) for gap in gaps):
            yield _turn(start, turn)
    yield from _held(document)
    for gap in gaps:
        under = [turn for start, turn in silent if _shared(gap, start, turn)]
        length = gap["end_s"] - gap["start_s"]
        heard = sum(_shared(gap, start, turn) for start, turn in silent) >= length / 2
        yield mark(
            "caller_text", "gap", f"{length:.1f} s of caller speech, no transcript",
            gap["start_s"], gap["end_s"], role="gap", style="hatch",
            detail=" · ".join([HEARD["heard_not_transcribed" if heard else gap["kind"]], *quoted(gap)]),
            suspicious=True,
            positions=[
                *_positions(document), *(p for turn in under for p in turn["positions"]), *positions(gap),
            ],
        )  # fmt: skip


def _held(document: Report) -> Iterator[Mark]:
    """When a Live session was given nothing to hear: what is said then is no gap."""
    ai = document.get("session")
    for start, end in (ai.get("input_held") or ()) if ai else ():
        if start is not None:
            yield mark(
                "caller_text", "state", "the AI was given silence", start, end,
                role="signal", style="hatch",
                detail="its input was muted, or it played a fixture: speech without words is no gap here",
            )  # fmt: skip


def _turn(start: float, turn: TurnPart) -> Mark:
    end = turn["end_s"] if turn["end_s"] is not None else start + SHORT_S
    if turn["state"] == "transcribed":
        return mark(
            "caller_text", "words", turn["text"] or "…", start, end,
            role="caller", positions=turn["positions"],
        )  # fmt: skip
    label, style = STATES[turn["state"]]
    so_far = f"so far: {turn['text']}" if turn["text"] else None
    return mark(
        "caller_text", "words", label, start, end,
        role="gap", style=style, detail=turn["failure"] or so_far,
        suspicious=True, positions=turn["positions"],
    )  # fmt: skip


def _shared(gap: GapPart, start: float, turn: TurnPart) -> float:
    """Seconds of the gap that a turn which begins at `start` covers."""
    end = turn["end_s"] if turn["end_s"] is not None else gap["end_s"]
    return max(0.0, min(gap["end_s"], end) - max(gap["start_s"], start))


def _positions(document: Report) -> list[int]:
    """Where the witness of the speech is in the log: the recording's analysis."""
    heard = [r for r in document.get("recordings") or () if r["state"] == "present"]
    return list(heard[0]["positions"][-1:]) if heard else []
