"""What is told of a verdict: which changes count, and what stands in an event."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias, get_args

from callstore.settlement.models import Settlement, VerdictEvent

Type: TypeAlias = Literal["verdict.settled", "verdict.changed"]
TYPES: tuple[Type, ...] = get_args(Type)
# A change of any of these is a change of the verdict; `truncated` is the flag.
JUDGED = ("verdict", "cause", "verdict_confidence", "ended_first_by", "truncated")
# Told beside them: whose verdict it is. No number and no word of anybody.
NAMED = (
    "parent_call_sid", "child_call_sid", "ai_call_id", "started_at", "ended_at", "gap_kind",
    "truncation_basis", "rules_version",
)  # fmt: skip
SETTLED_AFTER = timedelta(minutes=10)  # from the last change on, if nothing of the call is awaited
OPEN = (None, "live")  # verdicts of a call that is not over

Columns: TypeAlias = Mapping[str, Any]  # of a call's row


def judged(row: Columns) -> dict[str, Any]:
    """How a call is judged, by the names of JUDGED."""
    return {name: row[name] for name in JUDGED[:-1]} | {"truncated": "truncated" in (row["flags"] or ())}


def event(
    of: Settlement, type: Type, row: Columns | None, at: datetime, *, previous: Any = None, joined: Any = None
) -> VerdictEvent:
    """The next event of a call, entered at its settlement; somebody has to save both.

    `row` is None of a call that was joined to another one, whose id is `joined`.
    """
    of.sequence, of.told_at = of.sequence + 1, at
    named = {name: _text(row[name]) if row else None for name in NAMED}
    data = {"call_id": str(of.call_id), "sequence": of.sequence, **named, **of.judged, "previous": previous}
    if joined:
        data["joined_to"] = str(joined)
    return VerdictEvent(call_id=of.call_id, sequence=of.sequence, type=type, data=data, made_at=at)


def _text(value: Any) -> Any:
    return value.isoformat(timespec="milliseconds") if isinstance(value, datetime) else value
