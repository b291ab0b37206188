"""Speech in the recording's channels, and the caller speech among it that nobody wrote down."""

from collections.abc import Iterator
from typing import Literal

from callstore.report.document import Report
from callstore.report.document_sound import RecordingPart
from dashboard.call.lanes.mark import Mark, mark


def recording(document: Report) -> RecordingPart | None:
    """The recording that is drawn and played: two channels before one, then the longest."""
    heard = [
        r
        for r in document.get("recordings") or ()
        if r["state"] == "present" and r["start_s"] is not None and not of_session(r)
    ]
    return max(
        heard,
        key=lambda r: (min(r["channels"] or 0, 2), r["duration_s"] or 0.0, r["recording"]),
        default=None,
    )


def of_session(recording: RecordingPart) -> bool:
    """Whether OpenAI keeps it of a session: then nobody says whose voice is on which channel."""
    return recording["recording"] == recording["leg"]


def kept_by_openai(document: Report, horizon: float) -> Iterator[Mark]:
    """Speech on any channel of what OpenAI keeps of the session, on the session's own clock."""
    for kept in filter(of_session, document.get("recordings") or ()):
        for start, end in sorted([*kept["caller"], *kept["agent"], *kept["echo"]]):
            yield mark(
                "openai_audio", "speech", "somebody speaks", start, end,
                role="agent", style="dotted", positions=kept["positions"],
                detail="in what OpenAI keeps of the session; whose voice it is, it does not say",
            )  # fmt: skip


def agent(document: Report, horizon: float) -> Iterator[Mark]:
    """The agent's channel."""
    yield from _speech(document, "agent", "agent speaks")


def caller(document: Report, horizon: float) -> Iterator[Mark]:
    """The caller's channel: speech, the agent's echo in it, and the gaps."""
    yield from _speech(document, "caller", "caller speaks")
    heard = recording(document)
    for start, end in heard["echo"] if heard else ():
        yield mark(
            "caller_audio", "speech", "echo of the agent", start, end,
            role="agent", style="hatch", positions=heard["positions"][-1:] if heard else (),
        )  # fmt: skip
    for gap in document.get("gaps") or () if heard else ():
        yield mark(
            "caller_audio", "gap", "no transcript", gap["start_s"], gap["end_s"],
            role="gap", style="hatch", suspicious=False,
            positions=heard["positions"][-1:] if heard else (),
        )  # fmt: skip


def _speech(document: Report, who: Literal["agent", "caller"], label: str) -> Iterator[Mark]:
    heard = recording(document)
    if heard is None:
        return
    for start, end in heard[who]:
        yield mark(
            f"{who}_audio", "speech", label, start, end,
            role=who, positions=heard["positions"][-1:],
        )  # fmt: skip
