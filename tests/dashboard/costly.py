"""Calls that are costly to search."""

from django.db import connection

from tests.dashboard.documents import put_call


def costly(calls, words):
    """So many calls, each of so many words of its own, as a few statements."""
    put_call()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(column_name, ', ') FROM information_schema.columns"
                       " WHERE table_name = 'call' AND table_schema = 'public'"
                       " AND column_name <> 'call_id'")  # fmt: skip
        columns = cursor.fetchone()[0]
        cursor.execute(
            f"INSERT INTO call (call_id, {columns}) SELECT gen_random_uuid(), {columns}"
            " FROM call, generate_series(1, %s)",
            [calls],
        )
        cursor.execute(
            "INSERT INTO call_words (call_id, started_at, caller, agent, ids, tokens)"
            " SELECT call_id, started_at, (SELECT string_agg(md5(call_id::text || m), ' ')"
            " FROM generate_series(1, %s) AS m), '', '', '{}' FROM call ON CONFLICT DO NOTHING",
            [words],
        )
