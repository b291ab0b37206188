"""What is remembered of a trace never differs from what the log holds."""

import threading

import pytest
from django.db import connection, transaction

from callstore.eventlog.reading import bulk, cache
from callstore.eventlog.reading.cache import FactCache
from callstore.eventlog.reading.read import trace_of
from callstore.eventlog.writing.append import append
from tests.eventlog.drafts import draft, leg
from tests.eventlog.reading.test_late_commit import Held

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fetched(monkeypatch):
    """How many events were decoded by each reading."""
    counts = []
    decode = bulk.decode

    def counted(rows, homes):
        counts.append(len(rows))
        return decode(rows, homes)

    monkeypatch.setattr(cache, "decode", counted)
    return counts


def by_position(records):
    return sorted(records, key=lambda record: record.position)


def agrees(memory: FactCache, *traces) -> bool:
    there = bulk.by_trace(traces)
    return {t: by_position(r) for t, r in memory.by_trace(traces).items()} == {
        t: by_position(r) for t, r in there.items()
    }


def test_only_what_is_new_is_read_again(fetched):
    memory, a = FactCache(100), leg()
    append([draft(a, str(n)) for n in range(5)])
    trace = trace_of(a)
    assert agrees(memory, trace)
    append([draft(a, "more")])
    assert agrees(memory, trace)
    assert fetched[0] == 5 and fetched[1] < 5
    assert len(memory.by_trace([trace])[trace]) == 6


def test_an_event_that_commits_late_is_not_missed():
    memory, a, b = FactCache(100), leg(), leg()
    append([draft(a, "early")])
    trace = trace_of(a)
    with Held(draft(a, "held")) as held:
        append([draft(b, "later")])
        assert agrees(memory, trace, trace_of(b))
        held.commit()
    assert agrees(memory, trace, trace_of(b))
    assert {record.key for record in memory.by_trace([trace])[trace]} == {"early", "held"}


def test_nothing_is_missed_while_many_write():
    memory, legs, stop = FactCache(10_000), [leg() for _ in range(5)], threading.Event()
    append([draft(a) for a in legs])
    traces = [trace_of(a) for a in legs]

    def write(seed: int) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with transaction.atomic():
                append([draft(a, f"{seed}-{number}") for a in legs[number % 3 :]])
                if number % 7 == 0:
                    transaction.set_rollback(True)
        connection.close()

    writers = [threading.Thread(target=write, args=(seed,), daemon=True) for seed in range(3)]
    for writer in writers:
        writer.start()
    for _ in range(100):
        before = {trace: {r.position for r in records} for trace, records in bulk.by_trace(traces).items()}
        seen = {trace: {r.position for r in records} for trace, records in memory.by_trace(traces).items()}
        assert all(before[trace] <= seen[trace] for trace in traces)
    stop.set()
    for writer in writers:
        writer.join()
    assert agrees(memory, *traces)


def test_the_words_of_an_erased_call_are_not_remembered():
    memory, a = FactCache(100), leg()
    append([draft(a)])
    trace = trace_of(a)
    [record] = memory.by_trace([trace])[trace]
    assert record.event.caller
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE log.call_key SET wrapped = NULL, destroyed_at = now() WHERE key_id ="
            " (SELECT key_id FROM log.stream WHERE subject = %s)",
            [a],
        )
    [record] = memory.by_trace([trace])[trace]
    assert record.event.caller is None


def test_no_more_is_remembered_than_was_allowed(monkeypatch, fetched):
    memory, a, b = FactCache(3), leg(), leg()
    append([draft(a, str(n)) for n in range(2)] + [draft(b, str(n)) for n in range(2)])
    one, other = trace_of(a), trace_of(b)
    for _ in range(2):
        assert len(memory.by_trace([one])[one]) == len(memory.by_trace([other])[other]) == 2
    assert fetched == [2, 2, 2, 2]
    monkeypatch.setattr(cache, "KEPT_S", -1.0)
    memory.by_trace([one])
    assert not memory._kept


def test_a_trace_that_nobody_knows_is_empty():
    from uuid import uuid4

    unknown = uuid4()
    assert FactCache(10).by_trace([unknown]) == {unknown: []}
