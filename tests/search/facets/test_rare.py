"""A query in the words for few finds what it finds in any words."""

from datetime import UTC, datetime

import pytest

from callstore.eventlog.db.statement import run
from callstore.projection import packed, projector, queries
from callstore.search.compile import compiled
from callstore.search.facets.rare import CLOSED, OF_NAMES, rarely
from callstore.search.keys import KEYS
from callstore.search.parser import parse
from tests.projection.facts import keep, sid, status

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ASKED = [f"{name}:{value}" for name in sorted(CLOSED) for value in KEYS[name].values]
MIXED = [
    "topology:[direct,conference] sip:200",
    "status:completed -is:truncated",
    "verdict:* status:busy",
    "has:warning",
    "no:recording topology:sip_dial",
    "status:completed or topology:direct",
    "-topology:direct",
    "-(status:busy or verdict:ai_deaf)",
    "-review:open",
    "review:new -status:busy",
]
LONG = "longer than is packed: " + "x" * 40
NAMES = [f"{name}:{value}" for name in sorted(OF_NAMES) for value in (
    "*", "desk", "DES*", "*ing*", "none*", "[desk,none]", '"longer*"', "longer*", '""',
)]  # fmt: skip


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


@pytest.mark.django_db
@pytest.mark.parametrize("there_is_one", [None, "", LONG, "in\x1fpieces"])
def test_a_name_finds_the_same_in_both_wordings_and_one_that_is_not_packed_too(there_is_one):
    given = ["desk", "Desk", "booking", None, there_is_one]
    for word in KEYS["status"].values[: len(given)]:
        projector.project(keep(status(sid(), word)))
    for column in packed.NAMES:
        run(f"UPDATE call SET {column} = (%s::text[])[1 + (SELECT count(*) FROM call AS before"
            f" WHERE before.call_id < call.call_id)] RETURNING 1", [given])  # fmt: skip
    for q in NAMES:
        calls, few = _found(q)
        assert calls == few, q
    assert len(_found("agent:*")[1]) == 3 + (there_is_one is not None)
    assert len(_found("region:desk")[1]) == 2


def _found(q: str) -> tuple[list[str], list[str]]:
    tree = parse(q)
    condition = compiled(tree, NOW)
    few = rarely(condition, tree, NOW)
    every, of_few = (queries.page(where, limit=200).items for where in (condition, few))
    return [call["call_id"] for call in every], [call["call_id"] for call in of_few]


def test_what_the_packed_text_does_not_tell_for_sure_is_not_looked_for_in_it():
    others = ("-agent:booking", "topology:*", "has:warning", "dtmf:1", "is:live", "sip:200")
    for q in (*others, f'agent:"{LONG}"'):
        tree = parse(q)
        assert rarely(compiled(tree, NOW), tree, NOW) == compiled(tree, NOW), q
