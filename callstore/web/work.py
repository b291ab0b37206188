"""One request's work in a thread: Django's answer, and the end of a question when nobody waits for it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import OperationalError, close_old_connections, connections

from callstore.base.asgi import Unanswerable

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

CHUNK = 64 * 1024  # bytes of a stream made at once: a thread's way to the loop and back costs more
CANCEL_WITHIN_S = 2.0
QUESTIONS = ("GET", "HEAD")


class _Gone(BaseException):
    """Nobody waits. No Exception: what answers errors, and writes them into a log, is left out."""


class Work:
    """What Django makes of one request.

    One that changes something is done to its end, whoever has gone: else its entry in the audit might be what
    is left out.

    `run`, `chunk` and `end` are called one after the other, each perhaps in another thread; `stop` at any
    time, in any thread.
    """

    status: int
    headers: list[tuple[str, str]]

    def __init__(self, application: "WSGIApplication", environ: dict[str, Any]) -> None:
        self._application, self._environ = application, environ
        self._lock = threading.Lock()
        self._databases: list[Any] = []  # Django's wrappers, of the thread that works just now
        self._stopped = False
        self._response: Any = None
        self._parts: Iterator[bytes] = iter(())

    def run(self) -> bytes | None:
        """The whole body, or None where `chunk` gives it piece by piece.

        Raises Unanswerable where it was stopped on its way.
        """
        try:
            with self._stoppable() as databases, ExitStack() as watched:
                for database in databases:
                    watched.enter_context(database.execute_wrapper(self._unless_gone))
                self._response = self._application(self._environ, self._start)
                self._parts = iter(self._response)
                body = None if getattr(self._response, "streaming", False) else b"".join(self._parts)
        except _Gone:
            close_old_connections()  # Django was not told that they are closed, and has no answer to close
            raise Unanswerable(None) from None
        if body is None:
            close_old_connections()  # the next piece may be another thread's
        else:
            self.end()
        return body

    def chunk(self) -> bytes:
        """The next piece of a stream; empty when it has ended, or nobody waits for it."""
        made = bytearray()
        with self._stoppable():
            for part in self._parts:  # an export's are empty where a slice of calls has no match
                made += part
                if len(made) >= CHUNK or self._stopped:
                    break
        close_old_connections()
        return bytes(made)

    def end(self) -> None:
        """Have Django close the answer, read to its end or not."""
        self._response.close()

    def stop(self) -> None:
        """Let a question have no further statement, and end the one that runs now: who asked has gone."""
        if self._environ["REQUEST_METHOD"] not in QUESTIONS:
            return
        with self._lock:
            self._stopped = True
            for running in [database.connection for database in self._databases if database.connection]:
                with suppress(psycopg.Error):  # its time limit ends it, too
                    running.cancel_safe(timeout=CANCEL_WITHIN_S)

    def _unless_gone(self, execute: Callable[..., Any], *statement: Any) -> Any:
        """Django's wrapper around each statement of `run`, between which its reader may have gone."""
        if self._stopped:
            raise _Gone
        try:
            return execute(*statement)
        except OperationalError:
            if self._stopped:
                raise _Gone from None
            raise

    @contextmanager
    def _stoppable(self) -> Iterator[list[Any]]:
        """Let `stop` find the connection in the block; afterwards a statement on it is somebody else's."""
        databases = [connections[alias] for alias in connections]
        with self._lock:
            self._databases = databases
        try:
            yield databases
        finally:
            with self._lock:
                self._databases = []
                for database in databases if self._stopped else ():
                    # The server may be about to cancel whatever comes next: it goes back to the pool dead.
                    if database.connection is not None:
                        database.connection.close()

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Any:
        self.status, self.headers = int(status.split()[0]), headers
