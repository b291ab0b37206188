"""Which calls have words: all of them where they are few, else how to ask each call, newest first.

The planner cannot choose between the two: how often the tokens of one word meet in a call, it does not know.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from callstore.projection.words.sought import Pattern, Sought
from callstore.projection.words.tokens import Side

FEW = 10_000  # calls: as many as readers count; where more have the words, one in a hundred of a million has
# A bitmap of as many rows as there are, and never a look at each of them.
PLANNED = "SELECT set_config('enable_seqscan', 'off', true), set_config('work_mem', '64MB', true)"


class Asked(NamedTuple):
    """A condition on the table `call`, never of more calls than its words are in, and its parameters."""

    sql: str
    params: list[Any]


def condition(words: Sequence[Sought]) -> Asked:
    """That a call has all of these words."""
    found = few(words)
    if found is not None:
        return Asked("call_id = ANY(%s::uuid[])", [found])
    asked = [_of_one_call(word) for word in words]
    return Asked(" AND ".join(sql for sql, _ in asked), [p for _, params in asked for p in params])


def few(words: Sequence[Sought]) -> list[UUID] | None:
    """The calls that have all of these words; None where they are more than FEW, or no token tells of any."""
    if not any(all(pattern.tokens for pattern in word) for word in words):
        return None
    asked = [_indexed(word) for word in words]
    sql = f"SELECT call_id FROM call_words WHERE {' AND '.join(f'({each})' for each, _ in asked)} LIMIT %s"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PLANNED)
        cursor.execute(sql, [*(p for _, params in asked for p in params), FEW + 1])
        found = [call_id for (call_id,) in cursor]
        transaction.set_rollback(True)  # what was set is not for the statements behind us
    return found if len(found) <= FEW else None


def anything(side: Side) -> Asked:
    """That anything was said on a side."""
    return Asked(f"(SELECT said.{side} <> '' FROM call_words AS said WHERE said.call_id = call.call_id)", [])


def _indexed(word: Sought) -> Asked:
    parts = [_pattern(pattern) for pattern in word]
    return Asked(" OR ".join(f"({sql})" for sql, _ in parts), [p for _, params in parts for p in params])


def _pattern(pattern: Pattern) -> Asked:
    if not pattern.tokens:
        return Asked(f"{pattern.side} LIKE %s", [pattern.like])
    return Asked(f"tokens @> %s::int4[] AND {pattern.side} LIKE %s", [list(pattern.tokens), pattern.like])


def _of_one_call(word: Sought) -> Asked:
    # A value and no EXISTS, of which the planner would make a join that begins with the words of every call.
    likes = " OR ".join(f"said.{pattern.side} LIKE %s" for pattern in word)
    return Asked(
        f"(SELECT {likes} FROM call_words AS said WHERE said.call_id = call.call_id)",
        [pattern.like for pattern in word],
    )
