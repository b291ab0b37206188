"""One request's work in a thread: Django's answer, and the end of its statement when nobody waits for it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import close_old_connections, connections

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

CHUNK = 64 * 1024  # bytes of a stream made at once: a thread's way to the loop and back costs more
CANCEL_WITHIN_S = 2.0


class Work:
    """What Django makes of one request.

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
        """The whole body, or None where `chunk` gives it piece by piece."""
        with self._stoppable():
            self._response = self._application(self._environ, self._start)
            self._parts = iter(self._response)
            body = None if getattr(self._response, "streaming", False) else b"".join(self._parts)
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
        """End the statement that runs now, if one does: who asked has gone."""
        with self._lock:
            self._stopped = True
            for running in [database.connection for database in self._databases if database.connection]:
                with suppress(psycopg.Error):  # its time limit ends it, too
                    running.cancel_safe(timeout=CANCEL_WITHIN_S)

    @contextmanager
    def _stoppable(self) -> Iterator[None]:
        """Let `stop` find the connection in the block; afterwards a statement on it is somebody else's."""
        databases = [connections[alias] for alias in connections]
        with self._lock:
            self._databases = databases
        try:
            yield
        finally:
            with self._lock:
                self._databases = []
                for database in databases if self._stopped else ():
                    # The server may be about to cancel whatever comes next: it goes back to the pool dead.
                    if database.connection is not None:
                        database.connection.close()

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Any:
        self.status, self.headers = int(status.split()[0]), headers
