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
PAGE_BYTES = 4 * 2**20  # of a page that is shown: one event may have as many, and a reader may be slow

EventRow: TypeAlias = dict[str, Any]  # an event as JSON
Order: TypeAlias = Literal["event", "arrival"]  # by when it occurred, or by when it was received
Place: TypeAlias = tuple[str, int]  # of an event in an order: when, as Postgres writes it, and its position

TIMES: dict[Order, str] = {"event": "occurred_at", "arrival": "received_at"}

# What lies beyond a page's bytes stays in the database, but for the first of it, with which the next begins.
STORED = "coalesce(octet_length(e.personal), 0) + octet_length(e.facts::text)"
PAGE = f"""
WITH page AS ({
    EVENTS.format(columns="{stored} AS bytes, e.{time}::text AS at, e.position AS nth, {columns}")
} WHERE (e.{{time}}, e.position) >= (%s::timestamptz, %s) ORDER BY e.{{time}}, e.position LIMIT %s)
SELECT sealed.* FROM (SELECT page.*, row_number() OVER w AS row, sum(bytes) OVER w - bytes AS before FROM page
WINDOW w AS (ORDER BY at::timestamptz, nth)) sealed WHERE row <= 2 OR before <= %s ORDER BY row
"""
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


ALL = EVENTS.format(columns=f"{ENVELOPE}, e.body")
STORED_IN_ALL = EVENTS.format(columns=f"sum({STORED} + octet_length(e.body))::bigint")


class TooLarge(ValueError):
    """Events of more bytes than are held at once."""

    def __init__(self, most: int) -> None:
        super().__init__(f"What was delivered of this call is more than {most >> 20} MB, the most for this.")


class EventPage(NamedTuple):
    """Some events in an order, and the place of the first that follows them, None after the last."""

    items: list[EventRow]
    next: Place | None


def listing(
    traces: Iterable[UUID], *, bodies: bool = False, start: Place = BEGINNING, limit: int = MOST,
    order: Order = "event",
) -> EventPage:  # fmt: skip
    """Up to `limit` events of the traces from a place on; with `bodies` each has its raw delivery as text.

    They are fewer where they are large.
    """
    columns, stored = ENVELOPE, STORED
    if bodies:
        columns, stored = f"{ENVELOPE}, e.body", f"{STORED} + octet_length(e.body)"
    page = PAGE.format(columns=columns, stored=stored, time=TIMES[order])
    rows = run(page, [list(traces), *start, limit + 1, PAGE_BYTES])
    items: list[EventRow] = []
    held = 0
    for bytes_, _, _, *row in rows[:limit]:
        stored_row = StoredRow(*row[:-2])
        shown = _shown(stored_row, bodies)
        held += max(bytes_, _size(stored_row, shown))
        if items and held > PAGE_BYTES:
            break
        items.append(shown)
    following = rows[len(items) :]
    return EventPage(items, (following[0][1], following[0][2]) if following else None)


def whole(traces: Iterable[UUID], most: int) -> list[EventRow]:
    """Every event of the traces with its raw delivery, by arrival. Raises TooLarge beyond `most` bytes."""
    ids, held = list(traces), 0
    [(stored,)] = run(STORED_IN_ALL, [ids])
    if (stored or 0) > most:
        raise TooLarge(most)
    items = []
    for row in map(StoredRow._make, run(ALL, [ids])):
        items.append(_shown(row, True))
        if (held := held + _size(row, items[-1])) > most:
            raise TooLarge(most)
    return sorted(items, key=lambda event: (event["received_at"], event["position"]))


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


def _size(row: StoredRow, shown: EventRow) -> int:
    """Bytes, about: of what the event says, and of its delivery unpacked."""
    return len(row.facts) + len(row.personal or b"") + len(shown.get("body") or "")


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
