"""Whether Postgres answers now, asked on a connection of its own: a pool would wait for it for long."""

import psycopg
from django.db import connection

from callstore.postgres.said import in_a_line

PATIENCE_S = 2  # below that of any balancer, and of who waits at a door


def is_reachable() -> bool:
    """Whether a connection can be made and says a word. Never raises."""
    return why_away() is None


def why_away() -> str | None:
    """What is in the way of a connection, in a line, mostly Postgres' own; None where nothing is."""
    try:
        # An address may have a time of its own (`?connect_timeout=`), longer than ours.
        asked = {**connection.get_connection_params(), "connect_timeout": PATIENCE_S}
        with psycopg.connect(**asked) as own:
            own.execute("SELECT 1")
    except psycopg.Error as error:
        return in_a_line(error)
    return None
