"""Which calls have words: all of them where they are few, else how to ask each call, and from when on.

The planner cannot choose between the two: how often the tokens of one word meet in a call, it does not know.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from callstore.projection.words import periods
from callstore.projection.words.sought import Pattern, Sought
from callstore.projection.words.tokens import Side

FEW = (
    5_000  # calls: read at once they take as long as the newest 50 of one in two hundred, one after the other
)
# Words that so many of the newest calls have are met soon enough wherever one begins.
SAMPLE, OFTEN = 200, 10
# Where so many of some calls anywhere in the table have the words, more than FEW of all have them. The index
# would count them, too, but takes the longer the more they are.
SPREAD, MANY = 100, 4  # calls that are looked at; times FEW
SIZE = "(SELECT reltuples::float8 AS calls FROM pg_class WHERE oid = 'call_words'::regclass)"
ANYWHERE = f"""
SELECT count(*) >= {OFTEN} AND count(*) * {SIZE} > least({SIZE}, {SPREAD}) * %s FROM call_words AS said
TABLESAMPLE SYSTEM ((
  SELECT CASE WHEN calls > %s THEN least(100, 100 * {SPREAD} / calls) ELSE 0 END FROM {SIZE} AS size
)) WHERE """
# A bitmap of as many rows as there are, and never a look at each of them.
PLANNED = "SELECT set_config('enable_seqscan', 'off', true), set_config('work_mem', '64MB', true)"
NEWEST = f"""SELECT count(*) FROM (
  SELECT * FROM call_words WHERE started_at IS NOT NULL ORDER BY started_at DESC LIMIT {SAMPLE}
) AS said WHERE """


class Asked(NamedTuple):
    """A condition on the table `call`, never of more calls than its words are in, and its parameters."""

    sql: str
    params: list[Any]


def condition(words: Sequence[Sought]) -> Asked:
    """That a call has all of these words. Asks the index, in a transaction of its own."""
    each = _joined("AND", [of_one_call(word) for word in words])
    if not any(_has_tokens(word) for word in words):
        return each
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PLANNED)
        often = _often(cursor, words)
        found = None if often or _many(cursor, words) else _few(cursor, words)
        until = None if often or found is not None else periods.until(cursor, words, indexed)
        transaction.set_rollback(True)  # what was set is not for the statements behind us
    if found is not None:
        return Asked("call_id = ANY(%s::uuid[])", [found])
    return _joined("AND", [Asked("started_at < %s", [until]), each]) if until else each


def of_one_call(word: Sought) -> Asked:
    """That a call has a word, asked of each call that is looked at."""
    # A value and no EXISTS, of which the planner would make a join that begins with the words of every call.
    likes = _likes(word)
    return Asked(
        f"(SELECT {likes.sql} FROM call_words AS said WHERE said.call_id = call.call_id)", likes.params
    )


def anything(side: Side) -> Asked:
    """That anything was said on a side."""
    return Asked(f"(SELECT said.{side} <> '' FROM call_words AS said WHERE said.call_id = call.call_id)", [])


def indexed(words: Sequence[Sought], beside: Sequence[int] = ()) -> Asked:
    """The condition on `call_words` that all of these words are there, and tokens `beside` them.

    What the index tells stands apart from what is read: in one term with it, a call's tokens were read, too.
    """
    parts = [_tokens(word, beside) for word in words if _has_tokens(word)]
    return _joined("AND", [*parts, *(_likes(word) for word in words)])


def _often(cursor: Any, words: Sequence[Sought]) -> bool:
    likes = _joined("AND", [_likes(word) for word in words])
    cursor.execute(NEWEST + likes.sql, likes.params)
    return bool(cursor.fetchone()[0] >= OFTEN)


def _many(cursor: Any, words: Sequence[Sought]) -> bool:
    likes = _joined("AND", [_likes(word) for word in words])
    cursor.execute(ANYWHERE + likes.sql, [MANY * FEW, MANY * FEW, *likes.params])
    return bool(cursor.fetchone()[0])


def _few(cursor: Any, words: Sequence[Sought]) -> list[UUID] | None:
    """The calls that have all of these words; None where they are more than FEW."""
    sql, params = indexed(words)
    cursor.execute(f"SELECT call_id FROM call_words AS said WHERE {sql} LIMIT %s", [*params, FEW + 1])
    found = [call_id for (call_id,) in cursor]
    return found if len(found) <= FEW else None


def _has_tokens(word: Sought) -> bool:
    return all(pattern.tokens for pattern in word)


def _tokens(word: Sought, beside: Sequence[int]) -> Asked:
    return _joined("OR", [Asked("tokens @> %s::int4[]", [[*p.tokens, *beside]]) for p in word])


def _likes(word: Sought) -> Asked:
    return _joined("OR", [_like(pattern) for pattern in word])


def _like(pattern: Pattern) -> Asked:
    return Asked(f"said.{pattern.side} LIKE %s", [pattern.like])


def _joined(how: str, parts: Sequence[Asked]) -> Asked:
    params = [parameter for part in parts for parameter in part.params]
    return Asked(
        f" {how} ".join(f"({part.sql})" for part in parts) if len(parts) > 1 else parts[0].sql, params
    )
