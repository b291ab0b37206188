"""When words were last said: by tokens of the stretches of time, longer and longer, in which a call began.

A greeting that every call had until it was changed a year ago were else looked for in all calls since.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from callstore.projection.words import tokens
from callstore.projection.words.sought import Sought

SHORTEST_S = 3 * 3600
TIMES = 8  # as long is the next longer one
LEVELS = 4  # 3 hours, a day, 8 days, 64 days
# Calls without a start are in no stretch of time; if one has words, no time bounds them.
RANGE = """
SELECT min(started_at), max(started_at),
  EXISTS (SELECT FROM call_words WHERE started_at IS NULL AND caller || agent <> '') FROM call_words
"""

Indexed: TypeAlias = Callable[[Sequence[Sought], Sequence[int]], tuple[str, list[Any]]]


def of_start(started_at: datetime | None) -> Iterator[int]:
    """The tokens of a call that began then (aware)."""
    if started_at is not None:
        yield from (_token(level, _number(started_at, level)) for level in range(LEVELS))


def until(cursor: Any, words: Sequence[Sought], indexed: Indexed) -> datetime | None:
    """A moment since which no call has all of these words; None where that is not known."""
    cursor.execute(RANGE)
    first, last, unknown = cursor.fetchone()
    if unknown or first is None:
        return None
    # A stretch that has most of all calls costs as much as all of them.
    levels = range(LEVELS - 1, -1, -1)
    level = next((each for each in levels if _number(last, each) - _number(first, each) >= TIMES), 0)
    lowest, number = _number(first, level), _number(last, level)
    while True:
        while not _has(cursor, words, indexed, level, number):
            number -= 1
            if number < lowest:  # changed meanwhile
                return None
        if level == 0:
            return datetime.fromtimestamp((number + 1) * _length_s(0), UTC)
        level -= 1
        lowest, number = number * TIMES, number * TIMES + TIMES - 1


def _has(cursor: Any, words: Sequence[Sought], indexed: Indexed, level: int, number: int) -> bool:
    sql, params = indexed(words, [_token(level, number)])
    cursor.execute(f"SELECT EXISTS (SELECT FROM call_words AS said WHERE {sql} LIMIT 1)", params)
    return bool(cursor.fetchone()[0])


def _number(moment: datetime, level: int) -> int:
    return int(moment.timestamp() // _length_s(level))


def _length_s(level: int) -> int:
    return int(SHORTEST_S * TIMES**level)


def _token(level: int, number: int) -> int:
    return tokens.token("start", f"{level} {number}")
