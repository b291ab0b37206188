"""One follower of changes a process, and all its readers: each has a mailbox, and none waits for another."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from callstore.projection.changes.follow import Away, Change, Changes, follow
from callstore.projection.changes.journal import Position
from dashboard.live.mailbox import MOST, Mailbox

REMEMBERED = 20_000  # changes, for who comes back and says where he was
BEFORE_ALL = Position(0, 0)


class Hub:
    """Begins to follow with its first reader, and goes on for as long as the process lives."""

    def __init__(self) -> None:
        self.position: Position | None = None  # None until the journal was read for the first time
        self._mailboxes: dict[Mailbox, Position | None] = {}  # each with where it begins
        self._recent: deque[Change] = deque()
        self._forgotten = 0  # changes up to this transaction are no longer among them
        self._away = False
        self._following: asyncio.Task[None] | None = None

    @contextmanager
    def reading(self, mailbox: Mailbox, after: Position | None) -> Iterator[None]:
        """Have changes put into a mailbox, those since a position first; without one from now on."""
        if self._following is None or self._following.done():
            self._following = asyncio.get_running_loop().create_task(self._follow())
        if self.position:
            mailbox.put(self._since(after, self.position))
        if self._away:
            mailbox.away()
        self._mailboxes[mailbox] = after
        try:
            yield
        finally:
            del self._mailboxes[mailbox]

    async def end(self) -> None:
        """Follow no longer."""
        if self._following:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)

    def _since(self, after: Position | None, now: Position) -> list[UUID | None]:
        if after is None:
            return []
        if after.transaction <= self._forgotten or after.transaction > now.transaction:
            return [None]
        found = dict.fromkeys(each.call for each in self._recent if each.transaction >= after.transaction)
        return list(found) if len(found) <= MOST else [None]

    async def _follow(self) -> None:
        async for news in follow():
            self._away = isinstance(news, Away)
            if isinstance(news, Changes):
                self._tell(news)
            else:
                for mailbox in self._mailboxes:
                    mailbox.away()

    def _tell(self, news: Changes) -> None:
        is_first, self.position = self.position is None, news.position
        self._recent.extend(news.found)
        while len(self._recent) > REMEMBERED:
            self._forgotten = max(self._forgotten, self._recent.popleft().transaction)
        calls = [change.call for change in news.found]
        for mailbox, after in self._mailboxes.items():
            mailbox.put(self._since(after, news.position) if is_first else calls)
