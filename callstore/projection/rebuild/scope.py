"""Which part of the log a rebuild is about."""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from callstore.domain.facts.clock import unix
from callstore.projection import linker
from callstore.projection.worklist import heads

CHUNK = 100  # traces read and folded at a time
BEGINNING = UUID(int=0)


class Scope(NamedTuple):
    """The traces from `first` on, or `only` some."""

    first: UUID = BEGINNING
    only: tuple[UUID, ...] | None = None

    def size(self) -> int:
        """How many traces these are now."""
        if self.only is not None:
            return len(self.only)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM log.head WHERE trace_id >= %s", [self.first])
            return int(cursor.fetchone()[0])

    def chunks(self) -> Iterator[list[UUID]]:
        """The traces in order, some at a time."""
        if self.only is not None:
            yield list(self.only)
            return
        condition, last = ">=", self.first
        while chunk := _after(condition, last):
            yield chunk
            condition, last = ">", chunk[-1]

    def strays(self) -> list[UUID]:
        """Rows of calls that the log has never heard of."""
        if self.only is not None:
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT call_id FROM call WHERE call_id >= %s AND NOT EXISTS"
                " (SELECT FROM log.head WHERE trace_id = call_id) ORDER BY call_id",
                [self.first],
            )
            return [call_id for (call_id,) in cursor]


def scope(call: str | None = None, since: str | None = None) -> Scope:
    """One call by any of its ids, all first seen since a time (ISO 8601), or all. Raises ValueError."""
    if call is not None:
        traces = sorted(heads.read(linker.component_of_id(call)))
        if not traces:
            raise ValueError(f"No call has the id {call}.")
        return Scope(only=tuple(traces))
    if since is not None:
        return Scope(first=UUID(int=int(unix(since) * 1000) << 80))  # traces are UUIDv7: milliseconds first
    return Scope()


def _after(condition: str, last: UUID) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT trace_id FROM log.head WHERE trace_id {condition} %s ORDER BY trace_id LIMIT %s",
            [last, CHUNK],
        )
        return [trace for (trace,) in cursor]
