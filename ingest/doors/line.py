"""The way of a delivery from the event loop to the log, or to the spool where the log keeps it waiting."""

import asyncio
from functools import partial
from time import monotonic

from callstore.base.deadlines import Deadlines
from ingest.doors.batching import Batcher
from ingest.doors.receive import Response, keep_all, read_all, spool_all
from ingest.providers.delivery import Delivery
from ingest.providers.provider import discovered
from ingest.spool.spool import spool

PROVIDERS, APPLICATION = 2, 1  # threads that append, each with a connection
# A database that says nothing, not even that it is away. Below Twilio's own patience of 15 s, above every
# append that goes well.
PATIENCE_S = 5.0
ASK_EVERY_S = 0.05  # whether something waits in the spool; who keeps a batch asks again


class Line:
    """Answers deliveries of the doors. Belongs to one event loop."""

    def __init__(self) -> None:
        # A batch of an application's may hold thousands of facts: no caller's leg waits behind them.
        self._log = {
            True: Batcher(read_all, keep_all, PROVIDERS),
            False: Batcher(read_all, keep_all, APPLICATION, weight=_weight),
        }
        self._deadlines = Deadlines(PATIENCE_S)
        self._spool = Batcher(read_all, spool_all, threads=1, weight=_weight)
        self._asked_at, self._must_wait = float("-inf"), False

    async def __call__(self, delivery: Delivery) -> Response:
        """What the door answers, once the delivery's batch was worked on."""
        if not self._must_wait_behind_others():
            made = self._log[discovered()[delivery.door].covers_body](delivery)
            late = partial(_let_go, made)
            self._deadlines.begin(late)
            try:
                return await made
            except TimeoutError:
                pass  # should it be appended after all, the log knows its facts when the spool is drained
            finally:
                self._deadlines.end(late)
        return await self._spool(delivery)

    def _must_wait_behind_others(self) -> bool:
        """Whether the spool held something lately: its folder read for each took as long as a body."""
        if monotonic() - self._asked_at >= ASK_EVERY_S:
            self._asked_at, self._must_wait = monotonic(), spool().pending()
        return self._must_wait


def _let_go(answer: "asyncio.Future[Response]") -> None:
    if not answer.done():
        answer.set_exception(TimeoutError())


def _weight(delivery: Delivery) -> int:
    return len(delivery.body)
