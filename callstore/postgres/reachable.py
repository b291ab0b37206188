"""Whether Postgres answers now, asked on a connection of its own: a pool would wait for it for long."""

import psycopg
from django.db import connection

PATIENCE_S = 2  # below that of any balancer, and of who waits at a door


def is_reachable() -> bool:
    """Whether a connection can be made and says a word. Never raises."""
    try:
        with psycopg.connect(**connection.get_connection_params(), connect_timeout=PATIENCE_S) as own:
            own.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True
