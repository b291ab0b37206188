"""Calls that are costly to search."""

from django.db import connection

from tests.dashboard.documents import put_call


def costly(calls, words):
    """So many calls, each of so many words of its own, as two statements."""
    put_call()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(column_name, ', ') FROM information_schema.columns"
                       " WHERE table_name = 'call' AND table_schema = 'public'"
                       " AND column_name NOT IN ('call_id')")  # fmt: skip
        columns = cursor.fetchone()[0]
        cursor.execute(
            f"INSERT INTO call (call_id, search_text, {columns})"
            " SELECT gen_random_uuid(), (SELECT string_agg(md5(n::text || m), ' ')"
            f" FROM generate_series(1, %s) AS m), {columns}"
            " FROM call, generate_series(1, %s) AS n",
            [words, calls],
        )
