"""Which part of the log a rebuild is about."""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from callstore.domain.facts.clock import unix
from callstore.eventlog.heads import versions
from callstore.eventlog.heads.relations import HEADS
from callstore.projection import linker

CHUNK = 100  # traces read and folded at a time
BEGINNING = UUID(int=0)


class Scope(NamedTuple):
    """The traces from `first` on, or `only` some."""

    first: UUID = BEGINNING
    only: tuple[UUID, ...] | None = None

    def size(self) -> int:
        """How many traces these are now."""
        return versions.count(self.first) if self.only is None else len(self.only)

    def chunks(self) -> Iterator[list[UUID]]:
        """The traces in order, some at a time."""
        if self.only is not None:
            yield list(self.only)
            return
        first = self.first
        while chunk := versions.page(first, CHUNK):
            yield chunk
            first = UUID(int=chunk[-1].int + 1)

    def strays(self) -> list[UUID]:
        """Rows of calls that the log has never heard of."""
        if self.only is not None:
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT call_id FROM call WHERE call_id >= %s AND NOT EXISTS"
                f" (SELECT FROM {HEADS} AS h WHERE h.trace_id = call_id) ORDER BY call_id",
                [self.first],
            )
            return [call_id for (call_id,) in cursor]


def scope(call: str | None = None, since: str | None = None) -> Scope:
    """One call by any of its ids, all first seen since a time (ISO 8601), or all. Raises ValueError."""
    if call is not None:
        traces = sorted(versions.read(linker.component_of_id(call)))
        if not traces:
            raise ValueError(f"No call has the id {call}.")
        return Scope(only=tuple(traces))
    if since is not None:
        try:
            began_ms = max(0, int(unix(since) * 1000))
        except ValueError:
            raise ValueError(f"--since is no time in ISO 8601: {since}") from None
        return Scope(first=UUID(int=began_ms << 80))  # traces are UUIDv7: milliseconds first
    return Scope()
