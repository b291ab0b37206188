"""Calls that are costly to search."""

from django.db import connection

from callstore.projection.models import CallRow
from callstore.projection.packed import written
from tests.dashboard.documents import put_call


def costly(calls, words):
    """So many calls, each of so many words of its own, as a few statements."""
    put_call()
    with connection.cursor() as cursor:
        columns = ", ".join(name for name in written(CallRow) if name != "call_id")
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
