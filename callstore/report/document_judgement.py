"""The parts of a call's document that say what its facts mean, as JSON holds them.

Seconds named `*_s` count from the call's start, `positions` are places in the log, None is not known.
"""

from typing import NotRequired, TypedDict

from callstore.domain.facts.vocabulary import (
    Actor,
    Cause,
    Certainty,
    Confidence,
    LossKind,
    SourceState,
    Stance,
    VerdictWord,
)
from callstore.report.document_parts import UtterancePart


class ReflectedPart(TypedDict):
    """A stretch of time, and the first and the last fact that tell of it."""

    start_s: float | None
    end_s: float | None
    positions: list[int]


class HeardPart(TypedDict):
    """What reached a Live session of the caller: his speech in it, in the stretches that were `kept`."""

    speech: list[ReflectedPart]
    kept: list[ReflectedPart]


class GapPart(TypedDict):
    """Caller speech without the AI's transcript, and where it lies in the recording, to be read there."""

    start_s: float
    end_s: float
    kind: LossKind
    words: list[UtterancePart]
    recording: str | None
    recording_channel: int
    recording_start_s: float | None
    recording_end_s: float | None


class NumbersPart(TypedDict):
    """Where its numbers are seen: stretches as [start, end], moments of interruptions."""

    dead_air: list[float] | None
    talk_over: list[list[float]]
    interruptions: list[float]
    unwatched: list[list[float]]  # of which these numbers do not tell
    positions: list[int]


class FindingPart(TypedDict):
    """One claim. A finding across calls has no seconds, but `calls` it rests on and the time it is about."""

    slug: str
    says: str
    certainty: Certainty
    positions: list[int]
    start_s: float | None
    end_s: float | None
    missing: list[str]
    calls: NotRequired[list[str]]
    start_at: NotRequired[str | None]
    end_at: NotRequired[str | None]


class CheckPart(TypedDict):
    """A row of the evidence table: `finding` is its answer in words, `says` how it stands to the verdict."""

    check: str
    finding: str
    says: Stance
    start_s: float | None
    end_s: float | None
    precision_ms: int | None
    positions: list[int]


class JudgementPart(TypedDict):
    """The verdict with its reasons; `settle` says what would make it certain."""

    verdict: VerdictWord
    cause: Cause | None
    confidence: Confidence
    ended_first_by: Actor
    says: str
    missing: list[str]
    settle: list[str]
    checks: list[CheckPart]


class AnomalyPart(TypedDict):
    kind: str
    detail: str
    positions: list[int]


class SourcePart(TypedDict):
    state: SourceState
    why: str
    expected_until: str | None


class IncidentPart(TypedDict):
    """What a status page reported of the time."""

    provider: str
    external_id: str
    title: str
    status: str | None
    impact: str | None
    started_at: str
    ended_at: str | None
    url: str | None
