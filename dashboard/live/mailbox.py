"""What one reader of changes has not been told yet: bounded, and each call once."""

import asyncio
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

MOST = 1_000  # calls that wait for one reader


class News(NamedTuple):
    """Calls that changed; with `any` others may have, too. `away`: the database is, and nothing is known."""

    calls: list[UUID]
    any: bool
    away: bool


class Mailbox:
    """Filled by the hub, emptied by a reader; of one call's changes alone where `only` names it.

    `overflowed` once more waits than a reader may leave waiting: who reads so slowly has to begin again.
    """

    def __init__(self, only: UUID | None = None) -> None:
        self._only = only
        self._calls: dict[UUID, None] = {}
        self._any = self._away = self.overflowed = False
        self._changed = asyncio.Event()

    def put(self, calls: Iterable[UUID | None]) -> None:
        """Note calls that changed, None for any; the database is there."""
        for call in calls:
            if call is None:
                self._any = True
            elif self._only in (None, call):
                self._calls[call] = None
        self.overflowed = self.overflowed or len(self._calls) > MOST
        if self._calls or self._any or self._away:
            self._changed.set()
        self._away = False

    def away(self) -> None:
        """Note that the database is away."""
        self._away = True
        self._changed.set()

    async def changed(self) -> None:
        """Return when there is something to take."""
        await self._changed.wait()

    def take(self) -> News:
        """All that waits; it is told then."""
        news = News(list(self._calls), self._any, self._away)
        self._calls, self._any = {}, False
        self._changed.clear()
        return news
