"""Django's own Postgres backend, but its pool asks the server nothing before it lends a connection.

Django's check is a round trip a request. And the pool meets dead connections one by one, waiting 1, 2, 4 and
8 seconds between them: where a server was started again, somebody waited until the pool gave up.
"""

from collections.abc import Callable
from select import POLLIN, poll
from typing import Any

import psycopg
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool


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


class Pool(ConnectionPool[psycopg.Connection[Any]]):
    def __init__(self, **options: Any) -> None:
        super().__init__(check=self._is_alive, **options)

    def _is_alive(self, connection: psycopg.Connection[Any]) -> None:
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
