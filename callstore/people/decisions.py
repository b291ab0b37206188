"""Decisions as they are kept and read. Whoever decides holds the call's traces, as whoever saves it does."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from callstore.people.models import Bulk, Decision
from callstore.people.review import Change, Review, Standing

# Which columns of a decision are given, and as what JSON of them is read.
COLUMNS = {
    "trace_id": "uuid", "by": "text", "bulk_id": "bigint", "vote": "text", "verdict": "text",
    "was_state": "text", "was_assignee": "text", "was_tags": "text[]",
    "state": "text", "assignee": "text", "tags": "text[]",
}  # fmt: skip
_NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
KEEP = (
    f"INSERT INTO people_decision ({_NAMES}) SELECT {_NAMES} FROM ROWS FROM (jsonb_to_recordset(%s) AS ("
    + ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
    + ")) WITH ORDINALITY AS given ORDER BY ordinality RETURNING id, at"
)


def of_traces(traces: Collection[UUID]) -> list[Decision]:
    """All decisions about these traces, oldest first, each with its act upon many if it was part of one."""
    return list(Decision.objects.filter(trace_id__in=list(traces)).select_related("bulk").order_by("id"))


def traces_since(moment: datetime) -> list[UUID]:
    """The traces that somebody decided about since then."""
    found = Decision.objects.filter(at__gte=moment).order_by().values_list("trace_id", flat=True).distinct()
    return list(found)


def decision(
    trace: UUID, before: Review, change: Change, by: str, verdict: str | None, bulk: Bulk | None = None
) -> Decision | None:
    """What is to be kept of a change, or None where it changes nothing. Raises BadChange."""
    was, becomes = before.standing, before.standing.after(change)
    vote = change.vote if _is_another(change, before, by, verdict) else None
    if was == becomes and vote is None:
        return None
    return Decision(
        trace_id=trace, by=by, bulk=bulk, vote=vote, verdict=verdict if vote else None,
        **_columns(was, "was_"), **_columns(becomes),
    )  # fmt: skip


def keep(decisions: Iterable[Decision]) -> None:
    """Keep these decisions, in their order and in one statement; they have their `id` and `at` then."""
    each = list(decisions)
    given = orjson.dumps([{name: getattr(one, name) for name in COLUMNS} for one in each])
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [given.decode()])
        for one, (id_, at) in zip(each, cursor.fetchall(), strict=True):
            one.id, one.at = id_, at


def begin_bulk(by: str, action: dict[str, Any], calls: int) -> Bulk:
    """Enter that somebody acts upon many calls, before the first is touched."""
    return Bulk.objects.create(by=by, action=action, calls=calls)


def tags_in_use(most: int) -> Sequence[str]:
    """Up to so many tags that were lately given, to choose from."""
    lately = Decision.objects.order_by("-id").values_list("tags", flat=True)[:500]
    return sorted({tag: None for tags in lately for tag in tags})[:most]


def _is_another(change: Change, before: Review, by: str, verdict: str | None) -> bool:
    cast_ = before.vote_of(by, verdict)
    return change.vote is not None and change.vote != (cast_ or "withdrawn")


def _columns(standing: Standing, prefix: str = "") -> dict[str, Any]:
    return {
        f"{prefix}state": standing.state,
        f"{prefix}assignee": standing.assignee,
        f"{prefix}tags": list(standing.tags),
    }
