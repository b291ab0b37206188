"""The way of a delivery from the event loop to the log, or to the spool where the log keeps it waiting."""

import asyncio

from ingest.doors.batching import Batcher
from ingest.doors.receive import Response, receive_all, spool_all
from ingest.providers.delivery import Delivery
from ingest.providers.provider import discovered
from ingest.spool.spool import spool

PROVIDERS, APPLICATION = 2, 1  # threads that append, each with a connection
# A database that says nothing, not even that it is away. Below Twilio's own patience of 15 s, above every
# append that goes well.
PATIENCE_S = 5.0


class Line:
    """Answers deliveries of the doors. Belongs to one event loop."""

    def __init__(self) -> None:
        # A batch of an application's may hold thousands of facts: no caller's leg waits behind them.
        self._log = {
            True: Batcher(receive_all, PROVIDERS),
            False: Batcher(receive_all, APPLICATION, weight=_weight),
        }
        self._spool = Batcher(spool_all, threads=1, weight=_weight)

    async def __call__(self, delivery: Delivery) -> Response:
        """What the door answers, once the delivery's batch was worked on."""
        if not spool().pending():
            try:
                async with asyncio.timeout(PATIENCE_S):
                    return await self._log[discovered()[delivery.door].covers_body](delivery)
            except TimeoutError:
                pass  # should it be appended after all, the log knows its facts when the spool is drained
        return await self._spool(delivery)


def _weight(delivery: Delivery) -> int:
    return len(delivery.body)
