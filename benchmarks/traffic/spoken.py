"""Calls of which words are known: a few thousand in English and Japanese, told again at other times.

The English is that of Python's own manual, whose words meet as those of real sentences do.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pydoc_data.topics import topics
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from callstore.projection.words import store
from callstore.projection.words.periods import SHORTEST_S, of_start

LETTERS = {"caller": 350, "agent": 700}  # said in a call of some two minutes
NEWEST = datetime(2026, 11, 1, tzinfo=UTC)
EVERY_S = 5  # a call begins: 17,000 a day
SENTENCE = re.compile(r"[A-Z][a-z][\w ,'-]{20,110}\.")
COMMON_KANJI = [chr(code) for code in range(0x4E00, 0x4E00 + 1_500)]
PARTICLES = "のをにはがでとも"

# Then and now.
GREETINGS = ("Hello and welcome, you are through to reception.", "Good day, this is the assistant.")
# What is planted, by whom, in one of so many calls.
PLANTED = {
    "caller": (
        ("I would like to change my booking, please.", 5),
        ("予約を変更したいのですが。", 6),
        ("Is it about the zirconium ring?", 2_000),
        ("返金はできますか。", 2_000),
    ),
    "agent": (("Your booking is confirmed.", 2), ("ご予約を承りました。", 3)),
}  # fmt: skip


class Copies(NamedTuple):
    """Calls of one greeting, from a place in time on, so many times each."""

    greeting: str
    first: int
    times: int


def distinct(count: int, greeting: str) -> Iterator[dict[str, Any]]:
    """Documents of so many calls, the same in every run."""
    rng = Random(7)
    english = SENTENCE.findall(" ".join(" ".join(topics.values()).split()))
    for number in range(count):
        said = {side: list(_said(rng, number % 3 == 0, length, english)) for side, length in LETTERS.items()}
        for side, planted in PLANTED.items():
            said[side] += [text for text, one_of in planted if rng.random() < 1 / one_of]
        said["agent"].insert(0, greeting)
        number_called = f"+1555{rng.randrange(10**7):07}"
        yield {
            "call_id": str(UUID(int=rng.getrandbits(128))),
            "parent_call_sid": f"CA{rng.getrandbits(128):032x}",
            "child_call_sid": f"CA{rng.getrandbits(128):032x}",
            "from": number_called,
            "turns": [{"text": text, "start_s": 1.0} for text in said["caller"]],
            "replies": [{"text": text, "start_s": 1.0} for text in said["agent"]],
        }


def _said(rng: Random, japanese: bool, length: int, english: list[str]) -> Iterator[str]:
    while length > 0:
        text = japanese_text(rng) if japanese else rng.choice(english)
        length -= len(text) * (2 if japanese else 1)
        yield text


def japanese_text(rng: Random) -> str:
    words = (rng.choice(COMMON_KANJI[: rng.choice((30, 200, 1_500))]) for _ in range(12))
    return "".join(w + (rng.choice(PARTICLES) if rng.random() < 0.4 else "") for w in words) + "です。"


def filled(kinds: int, copies: list[Copies]) -> int:
    """Fill `call` and `call_words`; how many calls."""
    with connection.cursor() as cursor:
        _enter_starts(cursor, kinds * max(each.first + each.times for each in copies))
        for greeting, first, times in copies:
            cursor.execute("CREATE TEMPORARY TABLE told (LIKE call_words)")
            cursor.execute("ALTER TABLE told ALTER tokens SET STORAGE EXTERNAL, ADD number serial")
            with cursor.copy(store.COPY.replace("call_words", "told")) as copy:
                for document in distinct(kinds, greeting):
                    row = {"call_id": UUID(document["call_id"]), "started_at": None, "document": document}
                    copy.write_row(store.values(row))
            cursor.execute(MULTIPLY, [first, kinds, EVERY_S, NEWEST, times])
            cursor.execute("DROP TABLE told")
        cursor.execute(CALLS)
        cursor.execute("SELECT count(*) FROM call")
        return int(cursor.fetchone()[0])


def _enter_starts(cursor: Any, calls: int) -> None:
    """The tokens of every stretch of time in which a call begins."""
    cursor.execute("CREATE TEMPORARY TABLE start (number bigint PRIMARY KEY, tokens integer[])")
    last = int(NEWEST.timestamp()) // SHORTEST_S
    with cursor.copy("COPY start FROM STDIN") as copy:
        for number in range(last - calls * EVERY_S // SHORTEST_S - 1, last + 1):
            began = datetime.fromtimestamp(number * SHORTEST_S, UTC)
            copy.write_row([number, list(of_start(began))])


MULTIPLY = f"""
INSERT INTO call_words (call_id, started_at, caller, agent, ids, tokens)
SELECT gen_random_uuid(), at, caller, agent, ids, told.tokens || start.tokens FROM (
  SELECT %s + n AS nth, %s AS kinds, %s * interval '1 s' AS every, %s::timestamptz AS newest
  FROM generate_series(0, %s - 1) AS n
) AS copy CROSS JOIN told
CROSS JOIN LATERAL (SELECT newest - (nth * kinds + told.number) * every AS at) AS began
JOIN start ON start.number = floor(extract(epoch FROM at) / {SHORTEST_S}) ORDER BY at
"""
# Rows as wide as those of short calls: what a list reads of them is some 2 kB.
CALLS = """
INSERT INTO call (call_id, started_at, version, rules_version, flags, warning_codes, error_codes, tags, ids,
                  document, saved_at)
SELECT call_id, started_at, 1, '1', '{}', '{}', '{}', '{}', '{}',
  jsonb_build_object('call_id', call_id, 'turns', left(caller, 400), 'replies', left(agent, 800)), now()
FROM call_words ORDER BY started_at
"""


def without(text: str) -> str:
    """Text in one width and case, as any index of letters would have it."""
    return unicodedata.normalize("NFKC", text).casefold()
