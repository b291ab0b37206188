"""A query in the words for few finds what it finds in any words."""

from datetime import UTC, datetime

import pytest

from callstore.eventlog.db.statement import run
from callstore.projection import projector, queries
from callstore.search.compile import compiled
from callstore.search.facets.rare import CLOSED, rarely
from callstore.search.keys import KEYS
from callstore.search.parser import parse
from tests.projection.facts import keep, sid, status

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ASKED = [f"{name}:{value}" for name in sorted(CLOSED) for value in KEYS[name].values]
MIXED = [
    "topology:[direct,conference] sip:200", "status:completed -is:truncated", "verdict:* status:busy",
    "has:warning", "no:recording topology:sip_dial", "status:completed or topology:direct",
]  # fmt: skip


@pytest.mark.django_db
def test_every_closed_word_finds_the_same_in_both_wordings():
    for word in KEYS["status"].values[:8]:
        projector.project(keep(status(sid(), word)))
    columns = {KEYS[name].columns[0]: KEYS[name].values for name in CLOSED if KEYS[name].columns}
    for column, values in columns.items():  # each value in some call, whatever the fold makes of these
        for value in values:
            run(f"UPDATE call SET {column} = %s WHERE call_id = (SELECT call_id FROM call"
                f" ORDER BY md5(call_id::text || %s) LIMIT 1) RETURNING 1", [value, value])  # fmt: skip
        told = {q: _found(q) for q in ASKED if KEYS[q.partition(":")[0]].columns == (column,)}
        assert any(calls for calls, _ in told.values())
        assert {q: few for q, (_, few) in told.items()} == {q: calls for q, (calls, _) in told.items()}
    for q in [*ASKED, *MIXED]:
        calls, few = _found(q)
        assert calls == few, q


def _found(q: str) -> tuple[list[str], list[str]]:
    tree = parse(q)
    condition = compiled(tree, NOW)
    few = rarely(condition, tree, NOW)
    every, of_few = (queries.page(where, limit=200).items for where in (condition, few))
    return [call["call_id"] for call in every], [call["call_id"] for call in of_few]


def test_words_that_anybody_may_have_chosen_are_not_looked_for_in_the_packed_text():
    for q in ("agent:booking", "topology:*", "has:warning", "-topology:direct", "is:live", "sip:200"):
        tree = parse(q)
        assert rarely(compiled(tree, NOW), tree, NOW) == compiled(tree, NOW), q
