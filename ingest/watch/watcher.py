"""One process that watches: it finds sessions, leases them, watches them, and leaves them in order."""

import asyncio
import logging
import resource
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import uuid4

from django.conf import settings
from django.db import Error, connection

from callstore.base import heartbeat
from callstore.base.seldom import Seldom
from ingest.watch import leases
from ingest.watch.calls import LegState, states
from ingest.watch.leases import LATELY_S, LEASE_S, OFFERED_WITHIN_S, RENEW_EVERY_S, Lease, Leases
from ingest.watch.recorder import Recorder
from ingest.watch.session import Session

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.25  # for offers; who is accepted at once speaks half a second later
LOOK_BACK_EVERY_S = 15.0  # for offers that were late to be committed, and legs that ended
FORGET_EVERY_S = 600.0
MOST = 2000  # sessions of one process
LEAVES_AFTER_S = 60.0  # a socket that stays open so long after its leg ended will say nothing more
ENDS_WITHIN_S = 8.0  # below the patience of whoever stops us (callstore/local/processes.py)

Answer = TypeVar("Answer")


async def run(stop: asyncio.Event) -> None:
    """Watch until `stop` is set. Outlives Postgres, Valkey and the API."""
    _take_all_files()
    beating = asyncio.create_task(_beat())
    try:
        if settings.WATCHES:
            await Watcher().run(stop)
        else:
            missing = "OPENAI_REALTIME_URL" if settings.OPENAI_API_KEY else "OPENAI_API_KEY"
            log.warning("%s is not set: no session is watched.", missing)
            await stop.wait()
    finally:
        beating.cancel()


class Watcher:
    """The sessions of this process by their subjects."""

    def __init__(self) -> None:
        self.id = uuid4()
        self.recorder = Recorder()
        self._leases = Leases(self.id)
        self._sessions: dict[str, Session] = {}
        self._watching: dict[str, asyncio.Task[None]] = {}
        self._ended_at: dict[str, float] = {}  # when a leg was first seen to have ended
        self._thread = ThreadPoolExecutor(1, "leases")
        # Where the database was away nobody could renew: who comes back takes nothing before others have.
        self._takes_from = 0.0
        self._seldom = Seldom()

    async def run(self, stop: asyncio.Event) -> None:
        """Find, lease and watch sessions until `stop` is set, then leave them to others."""
        recording = asyncio.create_task(self.recorder.run())
        rounds: list[tuple[float, Callable[[], Awaitable[object]]]] = [
            (LOOK_EVERY_S, lambda: self._begin(LATELY_S)),
            (RENEW_EVERY_S, self._renew),
            (RENEW_EVERY_S, self._take_over),
            (LOOK_BACK_EVERY_S, lambda: self._begin(OFFERED_WITHIN_S)),
            (LOOK_BACK_EVERY_S, self._leave_ended),
            (FORGET_EVERY_S, self._forget),
        ]
        due = [0.0] * len(rounds)
        while not stop.is_set():
            for n, (every_s, work) in enumerate(rounds):
                if time.monotonic() >= due[n]:
                    due[n] = time.monotonic() + every_s
                    await self._try(work)
            try:
                await asyncio.wait_for(stop.wait(), LOOK_EVERY_S)
            except TimeoutError:
                continue
        await self._leave_all()
        recording.cancel()
        self.recorder.close()
        self._thread.submit(lambda: connection.close())  # the thread's own, not ours
        self._thread.shutdown(wait=False)

    async def _try(self, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except Error as error:
            self._takes_from = time.monotonic() + LEASE_S
            if times := self._seldom.due(str(type(error))):
                log.warning("The database lets nothing be leased (%d times): %s", times, error)

    async def _ask(self, question: Callable[[], Answer]) -> Answer:
        """What the database answers, from the thread that has our connection. Raises django.db's errors."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, _asked, question)

    async def _begin(self, within_s: float) -> None:
        room = MOST - len(self._sessions)
        if room <= 0 and self._seldom.due("full"):
            log.warning("%d sessions are watched, and no more are taken: start another `watch`.", MOST)
        if room > 0:
            self._watch(await self._ask(lambda: self._leases.begin(room, within_s)))

    async def _take_over(self) -> None:
        room = MOST - len(self._sessions)
        if room > 0 and time.monotonic() >= self._takes_from:
            self._watch(await self._ask(lambda: self._leases.take_over(room)))

    async def _renew(self) -> None:
        held = {subject: session.connection for subject, session in self._sessions.items()}
        ours = await self._ask(lambda: self._leases.renew(held))
        for subject in held.keys() - ours:
            if session := self._sessions.get(subject):
                session.leave("taken")

    async def _leave_ended(self) -> None:
        watched = [session.lease for session in self._sessions.values()]
        for subject, state in (await self._ask(lambda: states(watched))).items():
            if state == "over":
                since = self._ended_at.setdefault(subject, time.monotonic())
                if time.monotonic() - since >= LEAVES_AFTER_S and subject in self._sessions:
                    self._sessions[subject].leave("over")

    async def _forget(self) -> None:
        await self._ask(leases.forget_old)

    def _watch(self, taken: list[Lease]) -> None:
        for lease in taken:
            session = Session(lease, str(self.id), self.recorder, self._leg_of)
            self._sessions[lease.subject] = session
            self._watching[lease.subject] = asyncio.create_task(self._until_over(session))

    async def _until_over(self, session: Session) -> None:
        subject = session.lease.subject
        try:
            await session.watch()
            if session.is_over:
                await self.recorder.flush()
                await self._try(lambda: self._ask(lambda: self._leases.end([subject])))
        except Exception:
            log.exception("a session could not be watched any further")
        finally:
            for table in (self._sessions, self._watching, self._ended_at):
                table.pop(subject, None)

    async def _leg_of(self, lease: Lease) -> LegState:
        """Unknown, too, while the database is away."""
        try:
            return (await self._ask(lambda: states([lease])))[lease.subject]
        except Error:
            return "unknown"

    async def _leave_all(self) -> None:
        """Close every socket, have what was seen kept, and give the leases back."""
        subjects, watching = list(self._sessions), list(self._watching.values())
        for session in list(self._sessions.values()):
            session.leave("stopped")
        if watching:
            await asyncio.wait(watching, timeout=ENDS_WITHIN_S / 2)
        try:
            await asyncio.wait_for(self.recorder.flush(), ENDS_WITHIN_S / 2)
        except TimeoutError:
            log.error("%d facts of what was observed could not be kept in time", self.recorder.held)
        await self._try(lambda: self._ask(lambda: self._leases.give_back(subjects)))


def _asked(question: Callable[[], Answer]) -> Answer:
    try:
        return question()
    except Error:
        connection.close()  # a restart has closed it; the next question has a fresh one
        raise


async def _beat() -> None:
    while True:
        await asyncio.to_thread(heartbeat.beat, "watch")
        await asyncio.sleep(heartbeat.BEAT_EVERY_S)


def _take_all_files() -> None:
    """A socket is a file, and systems lend a process 1,024 of them unless it asks for more."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
