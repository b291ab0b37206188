"""The shape of two calls side by side."""

from typing import Any
from uuid import UUID

from ninja import Field, Schema

from dashboard.compare.alignment import Basis


class ComparedSide(Schema):
    """One of the two. Its second 0 lies `aligned_at_s` behind its start."""

    call_id: UUID
    started_at: str | None
    verdict: str | None
    verdict_confidence: str | None
    cause: str | None
    ended_first_by: str | None
    gap_kind: str | None
    flags: list[str]
    headline: str
    says: str | None
    aligned_at_s: float
    aligned_by: Basis


class ComparedSetting(Schema):
    """A setting of both; `differs` where both are known and unlike."""

    name: str
    label: str
    a: Any
    b: Any
    differs: bool


class ComparedNumber(Schema):
    """A number of both."""

    name: str
    label: str
    a: float | None
    b: float | None
    unit: str
    difference: float | None = Field(description="a less b; null where one is not known")


class ComparedCheck(Schema):
    """A check of the evidence as it was answered for each; null where it was not asked."""

    check: str
    a: dict[str, Any] | None
    b: dict[str, Any] | None


class ComparedLane(Schema):
    """A lane of both, its seconds counted from the second 0 of each call."""

    id: str
    name: str
    a: list[dict[str, Any]]
    b: list[dict[str, Any]]


class Compared(Schema):
    """Two calls side by side. The axis goes from `start_s` to `end_s`."""

    a: ComparedSide
    b: ComparedSide
    b_by_default: bool
    start_s: float
    end_s: float
    settings: list[ComparedSetting]
    numbers: list[ComparedNumber]
    evidence: list[ComparedCheck]
    lanes: list[ComparedLane]
