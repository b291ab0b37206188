"""How one session is watched: attach while it rings, listen, after a close ask once whether it is there."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable

from ingest.watch import sideband
from ingest.watch.calls import LegState
from ingest.watch.leases import Lease
from ingest.watch.observed import Connection
from ingest.watch.recorder import Recorder
from ingest.watch.sideband import Listener, Refused, Unreachable

log = logging.getLogger(__name__)

FIRST_WAIT_S, LONGEST_WAIT_S, LONGER = 0.25, 5.0, 1.5
# <Dial> rings for ten minutes at most (twilio.com/docs/voice/twiml/dial, timeout). Where Twilio tells nothing
# of the leg, an offer that nobody accepted for two minutes is over.
RINGS_S, RINGS_UNTOLD_S = 600.0, 120.0
# After a close the leg's end is on its way: Twilio tells of it within about a second.
ASK_AGAIN_AFTER_S, ASK_AGAIN_AT_MOST_S = 1.5, 30.0
STEADY_S = 60.0  # a socket that lived so long was no attempt
FOR_GOOD = frozenset({401, 403})  # the key is not good for it, and will not be in a second
GONE = 404

LegOf = Callable[[Lease], Awaitable[LegState]]


class Session:
    """One session, watched by one observer until it is over or `leave` is called."""

    def __init__(self, lease: Lease, observer: str, recorder: Recorder, leg_of: LegOf) -> None:
        self.lease = lease
        self.connection: str | None = None  # the socket on which it is watched now
        self._call_id = lease.subject.partition(":")[2]
        self._observer, self._leg_of = observer, leg_of
        self._lane = recorder.lane(lease.subject)
        self._url = sideband.url_of(self._call_id)
        self._socket: Listener | None = None
        self._begun: Connection | None = None  # the first one that we had
        self._told_of_loss = False
        self._reason = "over"
        self._leaving = asyncio.Event()

    @property
    def is_over(self) -> bool:
        """Whether nobody need watch it any more; else we leave it to others."""
        return self._reason == "over"

    async def watch(self) -> None:
        """Watch until it is over, or until we leave."""
        wait_s = ASK_AGAIN_AFTER_S
        observed = await self._attach_first()
        while observed:
            began = time.monotonic()
            await self._listen(observed)
            if time.monotonic() - began > STEADY_S:
                wait_s = ASK_AGAIN_AFTER_S
            if observed.closing or await self._leave_within(wait_s):
                break
            observed = await self._attach_again()
            wait_s = min(wait_s * 2, ASK_AGAIN_AT_MOST_S)
        if self._begun:
            self._lane.put(self._begun.stopped(self._reason))

    def leave(self, reason: str) -> None:
        """Leave the session as it is, for a reason of one word."""
        self._reason = reason
        self._leaving.set()
        if self._socket:
            closing = asyncio.create_task(self._socket.close(sideband.NORMAL))
            closing.add_done_callback(lambda _: None)

    async def _attach_first(self) -> Connection | None:
        """Attach while it rings. The last answer is told, and before it each that no ringing call gives."""
        told: set[int] = set()
        wait_s = FIRST_WAIT_S
        while True:
            status = await self._attach()
            if isinstance(status, Connection):
                return status
            self._tell_of_loss()
            leg = await self._leg_of(self.lease)
            if status in FOR_GOOD or not self._may_ring(leg):
                if status and self._is_news(status):
                    self._refused(status)
                return None
            if status and status not in (GONE, *told):
                told.add(status)
                self._refused(status)
            if await self._leave_within(wait_s * random.uniform(0.8, 1.2)):
                return None
            wait_s = min(wait_s * LONGER, LONGEST_WAIT_S)

    async def _attach_again(self) -> Connection | None:
        """Ask once, while Twilio's leg goes on, whether the session is there, and tell the answer.

        Who does not answer, or answers that he cannot now, has said nothing of the session: ask once more.
        """
        wait_s = ASK_AGAIN_AFTER_S
        while await self._leg_of(self.lease) == "talking":
            status = await self._attach()
            if isinstance(status, Connection):
                return status
            if status:
                self._refused(status)
            if status in (GONE, *FOR_GOOD):
                return None
            if await self._leave_within(wait_s):
                return None
            wait_s = min(wait_s * 2, ASK_AGAIN_AT_MOST_S)
        return None

    async def _attach(self) -> Connection | int | None:
        """The socket if it opened, else the status that it was refused with; None where nobody answered."""
        observed = Connection(self._call_id, self._observer)
        try:
            self._socket = await sideband.attach(self._url)
        except Refused as refusal:
            return refusal.status
        except Unreachable as error:
            log.info("%s cannot be attached to: %s", self._call_id, error)
            return None
        self._tell_of_beginning(observed)
        self._lane.put(observed.opened(self._url, 101))
        self.connection = observed.id
        if self._leaving.is_set():
            self.leave(self._reason)
        return observed

    def _tell_of_beginning(self, observed: Connection) -> None:
        if self._begun:
            return
        self._begun = observed
        since, before = self.lease.watched_at, self.lease.connection
        if since is None:
            self._lane.put(observed.started())
        elif self.lease.lost and not self._told_of_loss:
            self._lane.put(observed.lost(since, before), observed.started())
        else:
            self._lane.put(observed.started(since))

    def _tell_of_loss(self) -> None:
        """Say that whoever watched before us was lost, though we cannot watch yet and may never."""
        since, before = self.lease.watched_at, self.lease.connection
        if self.lease.lost and since is not None and not self._told_of_loss:
            self._told_of_loss = True
            self._lane.put(Connection(self._call_id, self._observer).lost(since, before))

    async def _listen(self, observed: Connection) -> None:
        """Tell of every frame until the socket closes, and how it did."""
        socket = self._socket
        assert socket

        def hear(raw: bytes) -> None:
            self._lane.put(*observed.frames(raw), size=len(raw))
            if self._lane.is_full:
                self._lane.hold(socket)

        try:
            closed = await socket.listen(hear)
            self._lane.put(*observed.rest(), observed.closed(sideband.close_of(closed)))
        finally:
            self._socket = self.connection = None

    def _refused(self, status: int) -> None:
        refused = Connection(self._call_id, self._observer)
        self._lane.put(refused.opened(self._url, status))

    def _is_news(self, status: int) -> bool:
        """Whether a refusal says something: of a call that may long be over, only where it was watched."""
        young = time.time() - self.lease.offered_at < RINGS_S + RINGS_UNTOLD_S
        return young or status != GONE or self.lease.watched_at is not None

    def _may_ring(self, leg: LegState) -> bool:
        age = time.time() - self.lease.offered_at
        return leg != "over" and age < (RINGS_UNTOLD_S if leg == "unknown" else RINGS_S)

    async def _leave_within(self, seconds: float) -> bool:
        """Wait so long, or until we leave; whether we do."""
        try:
            await asyncio.wait_for(self._leaving.wait(), seconds)
        except TimeoutError:
            return False
        return True
