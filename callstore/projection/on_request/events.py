"""A call's events as the log has them, a page at a time."""

from typing import Any, NamedTuple
from uuid import UUID

from callstore.base import sealed
from callstore.eventlog.reading import listing
from callstore.eventlog.reading.listing import EventRow
from callstore.eventlog.reading.listing import Order as Order
from callstore.eventlog.reading.listing import TooLarge as TooLarge
from callstore.projection.linker import component_of_id


class EventPage(NamedTuple):
    """Some events in an order, and the cursor of the next page, None on the last."""

    items: list[EventRow]
    next_cursor: str | None


def events(
    call_id: UUID | str, *, bodies: bool, cursor: str | None = None, position: int | None = None,
    limit: int = listing.MOST, order: Order = "event",
) -> EventPage:  # fmt: skip
    """Up to `limit` events of a call in an order; with `bodies` each has its raw delivery as text.

    They begin where a cursor says, or, without one, with the page that has the event at `position`. Raises
    ValueError for a cursor that is not ours or of another order, and LookupError for a position that is none
    of the call's.
    """
    traces = component_of_id(str(call_id))
    start: Any = listing.BEGINNING
    if cursor:
        start = sealed.unseal(cursor, f"{order}s.cursor")
    elif position is not None and (start := listing.page_with(traces, position, limit, order)) is None:
        raise LookupError("No event of this call has this position.")
    items, next_ = listing.listing(traces, bodies=bodies, start=start, limit=limit, order=order)
    if position is not None and not cursor and all(item["position"] != position for item in items):
        # Large ones before it filled its page: one begins with it.
        start = listing.page_with(traces, position, 1, order)
        items, next_ = listing.listing(traces, bodies=bodies, start=start, limit=limit, order=order)
    return EventPage(items, sealed.seal(next_, f"{order}s.cursor") if next_ else None)


def deliveries(call_id: UUID | str, most: int) -> list[EventRow]:
    """All events of a call with their raw deliveries, by arrival. Raises TooLarge beyond `most` bytes."""
    return listing.whole(component_of_id(str(call_id)), most)


def event(call_id: UUID | str, position: int) -> listing.Neighbours | None:
    """An event of a call with its raw delivery and its neighbours by time; None if the call has it not."""
    return listing.between(component_of_id(str(call_id)), position)
