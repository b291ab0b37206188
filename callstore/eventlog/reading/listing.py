"""The events of a call by time or by arrival as whoever reads the log is shown them, a page at a time."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias
from uuid import UUID

from callstore.domain.facts import codec
from callstore.domain.facts.clock import Clock, iso
from callstore.eventlog.crypto import refs as spelling
from callstore.eventlog.db.statement import run
from callstore.eventlog.reading.feed import Cursor
from callstore.eventlog.reading.read import ENVELOPE, EVENTS, StoredRow, opened_body, opened_personal

MOST = 200

EventRow: TypeAlias = dict[str, Any]  # an event as JSON
Order: TypeAlias = Literal["event", "arrival"]  # by when it occurred, or by when it was received
Place: TypeAlias = tuple[str, int]  # of an event in an order: when, as Postgres writes it, and its position

TIMES: dict[Order, str] = {"event": "occurred_at", "arrival": "received_at"}

PAGE = (
    EVENTS.format(columns="e.{time}::text, {columns}")
    + " WHERE (e.{time}, e.position) >= (%s::timestamptz, %s)"
    " ORDER BY e.{time}, e.position LIMIT %s"
)
BEGINNING: Place = ("-infinity", 0)
# Pages are counted from the first event, so that around an event its neighbours are shown as well.
PAGE_WITH = f"""
WITH numbered AS ({
    EVENTS.format(
        columns="e.{time}, e.position, row_number() OVER (ORDER BY e.{time}, e.position) - 1 AS nth"
    )
})
SELECT {{time}}::text, position FROM numbered
WHERE nth = (SELECT nth - nth %% %s FROM numbered WHERE position = %s)
"""
# One event between its neighbours, by the same order.
BETWEEN = f"""
WITH numbered AS ({
    EVENTS.format(
        columns="e.position, lag(e.position) OVER by_time AS before, lead(e.position) OVER by_time AS after"
    )
} WINDOW by_time AS (ORDER BY e.occurred_at, e.position))
SELECT before, after FROM numbered WHERE position = %s
"""
ONE = EVENTS.format(columns=f"{ENVELOPE}, e.body") + " WHERE e.position = %s"


# By the index of the feed.
AT = f"""
SELECT {ENVELOPE}, e.body
FROM unnest(%b::smallint[], %b::bigint[], %b::bigint[]) AS place (epoch, xid, position)
CROSS JOIN LATERAL (SELECT * FROM log.event e WHERE (e.epoch, e.xid, e.position) =
  (place.epoch, place.xid::text::xid8, place.position) OFFSET 0) AS e
CROSS JOIN LATERAL (SELECT s.key_id, k.wrapped FROM log.stream s JOIN log.call_key k USING (key_id)
  WHERE s.subject = e.subject) AS h
ORDER BY e.received_at DESC, e.position DESC
"""


class EventPage(NamedTuple):
    """Some events in an order, and the place of the first that follows them, None after the last."""

    items: list[EventRow]
    next: Place | None


def listing(
    traces: Iterable[UUID], *, bodies: bool = False, start: Place = BEGINNING, limit: int = MOST,
    order: Order = "event",
) -> EventPage:  # fmt: skip
    """Up to `limit` events of the traces from a place on; with `bodies` each has its raw delivery as text."""
    columns = ENVELOPE + (", e.body" if bodies else "")
    rows = run(PAGE.format(columns=columns, time=TIMES[order]), [list(traces), *start, limit + 1])
    items = [_shown(StoredRow(*row[1:]), bodies) for row in rows[:limit]]
    return EventPage(items, (rows[limit][0], StoredRow(*rows[limit][1:]).position) if rows[limit:] else None)


def page_with(
    traces: Iterable[UUID], position: int, limit: int = MOST, order: Order = "event"
) -> Place | None:
    """Where the page begins that this event lies on; None if it is none of these traces'."""
    rows = run(PAGE_WITH.format(time=TIMES[order]), [list(traces), limit, position])
    return rows[0] if rows else None


class Neighbours(NamedTuple):
    """An event, and the positions of those before and after it by time; None at either end."""

    event: EventRow
    before: int | None
    after: int | None


def between(traces: Iterable[UUID], position: int) -> Neighbours | None:
    """The event at a position with its raw delivery and its neighbours; None if it is none of these."""
    ids = list(traces)
    found, rows = run(BETWEEN, [ids, position]), run(ONE, [ids, position])
    return Neighbours(_shown(StoredRow(*rows[0]), True), *found[0]) if found and rows else None


def at(places: Sequence[Cursor]) -> list[EventRow]:
    """The events at places of the feed, those that came last first; each has its delivery and its `trace`."""
    columns = [list(column) for column in zip(*places, strict=True)] or [[], [], []]
    rows = [StoredRow(*row) for row in run(AT, columns)]
    return [{**_shown(row, True), "trace": str(row.trace)} for row in rows]


def _shown(row: StoredRow, with_body: bool) -> EventRow:
    facts, personal = codec.parted(row.type, row.told, opened_personal(row))
    shown = {
        "position": row.position,
        "source": row.source,
        "subject": row.subject,
        "type": row.type,
        "occurred_at": iso(row.occurred),
        "clock": Clock(row.clock).name.lower(),
        "precision_ms": row.precision_ms,
        "received_at": iso(row.received),
        "sequence": row.sequence,
        "dedup_key": row.shown_key,
        "refs": [spelling.spell(spelling.read(text)) for text in row.refs],
        "facts": facts,
        "personal": personal,
    }
    if with_body:
        delivery = opened_body(row.key, row.body, row.place)
        shown["body"] = None if delivery is None else delivery.decode(errors="replace")
    return shown
