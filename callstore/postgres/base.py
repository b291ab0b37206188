"""Django's own Postgres backend, but its pool asks the server nothing before it lends a connection.

Django's check is a round trip a request. And the pool meets dead connections one by one, waiting 1, 2, 4 and
8 seconds between them: where a server was started again, somebody waited until the pool gave up.

A server that stands still (stopped, or its disk is) still has a kernel that answers TCP, so no time limit of
the line ends what waits for it, and its own none either: here a connection has one.
"""

from collections.abc import Callable
from select import POLLIN, poll
from typing import Any

import psycopg
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool, PoolTimeout

from callstore.postgres.said import in_a_line


class DatabaseWrapper(base.DatabaseWrapper):
    # Django's own, which the type stubs leave out
    _connection_pools: dict[str, "Pool"]
    _configure_connection: Callable[[psycopg.Connection[Any]], bool]

    @property
    def pool(self) -> "Pool | None":
        """The pool of this process, made when it is first asked for; none without a database."""
        options = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == NO_DB_ALIAS or not options:
            return None
        if self.alias not in self._connection_pools:
            asked = {**self.get_connection_params(), "autocommit": True}
            pool = Pool(kwargs=asked, open=False, configure=self._configure_connection, **options)
            self._connection_pools.setdefault(self.alias, pool)
        return self._connection_pools[self.alias]


class Connection(psycopg.Connection[Any]):
    patience_s: float | None = None  # for one answer, above what the server allows a statement

    def wait(self, gen: Any, *args: Any, **given: Any) -> Any:
        if self.patience_s is None or given.get("timeout") is not None:
            return super().wait(gen, *args, **given)
        try:
            return super().wait(gen, *args, **{**given, "timeout": self.patience_s})
        except psycopg.errors._WaitTimeout:
            self.pgconn.finish()  # whatever it says one day answers a question that nobody asks any more
            raise psycopg.OperationalError(f"the server said nothing for {self.patience_s:g} s") from None


class Pool(ConnectionPool[Connection]):
    """`patience_s` is for how long a connection waits for one answer, None for ever."""

    def __init__(self, patience_s: float | None = None, **options: Any) -> None:
        self._patience_s, self._refused = patience_s, ""
        super().__init__(check=self._is_alive, connection_class=Connection, **options)

    def getconn(self, timeout: float | None = None) -> Connection:
        """As the pool's own, but who gets none is told why none could be made."""
        try:
            return super().getconn(timeout)
        except PoolTimeout as error:
            raise PoolTimeout(f"{error}: {self._refused}" if self._refused else str(error)) from None

    def _connect(self, timeout: float | None = None) -> Connection:
        try:
            made = super()._connect(timeout)
        except psycopg.Error as error:
            self._refused = in_a_line(error)
            raise
        self._refused, made.patience_s = "", self._patience_s
        return made

    def _is_alive(self, connection: Connection) -> None:
        # A server that hung up left something to read: the end. Nothing else says anything unasked.
        said = poll()
        said.register(connection, POLLIN)
        if not said.poll(0):
            return
        try:
            connection.execute("")
        except psycopg.Error:
            # It is hardly the only one, and the pool would find the others at the cost of a wait each.
            self.check()
            raise
