"""An event that commits late is neither missed nor lost: with two real connections."""

import threading
import time

import pytest
from django.db import connection, transaction

from callstore.domain.facts.events import LegStatus
from callstore.eventlog.heads import versions
from callstore.eventlog.reading import read
from callstore.eventlog.writing.append import append
from tests.eventlog.drafts import child_of, draft, leg

pytestmark = pytest.mark.django_db(transaction=True)


class Held(threading.Thread):
    """An append on a connection of its own, in a transaction that stays open until told."""

    def __init__(self, *drafts):
        super().__init__()
        self.drafts, self.written, self.may_commit = drafts, threading.Event(), threading.Event()

    def run(self):
        with transaction.atomic():
            self.positions = append(self.drafts)
            self.written.set()
            self.may_commit.wait(10)
        connection.close()

    def __enter__(self):
        self.start()
        assert self.written.wait(10)
        return self

    def commit(self):
        self.may_commit.set()
        self.join(10)

    def __exit__(self, *_):
        self.commit()


def dirty(trace) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT version > done FROM log.head WHERE trace_id = %s", [trace])
        return cursor.fetchone()[0]


def project(trace) -> set[str]:
    """What a projector does: the version first, then the events, then the version as done."""
    version = versions.read([trace])[trace].version
    seen = {record.key for record in read.records([trace])}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE log.head SET done = %s WHERE trace_id = %s", [version, trace])
    return seen


def waiting_for_a_lock(seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return True
        time.sleep(0.01)
    return False


def test_an_append_that_commits_after_a_later_one_was_projected_makes_the_call_dirty_again():
    parent, child = leg(), leg()
    append([draft(parent)])  # two legs of one call, whose events have one trace
    append([draft(child, refs=child_of(parent))])
    trace = read.trace_of(parent)
    assert project(trace) == {"1"}
    with Held(draft(parent, "held")) as held:
        later = threading.Thread(
            target=lambda: (append([draft(child, "later")]), connection.close()), daemon=True
        )
        later.start()
        # Both count in one head: the later writer waits, so no version exists that skips the held event.
        assert waiting_for_a_lock()
        assert not dirty(trace)
        held.commit()
        later.join(10)
    assert dirty(trace)
    assert project(trace) == {"1", "held", "later"}
    assert not dirty(trace)


def test_a_call_projected_while_another_is_held_open_gets_dirty_at_the_commit():
    held_leg, other = leg(), leg()
    append([draft(held_leg)])
    trace = read.trace_of(held_leg)
    project(trace)
    with Held(draft(held_leg, "held")) as held:
        [later] = append([draft(other)])
        assert project(read.trace_of(other)) == {"1"}
        assert len(read.records([trace])) == 1
        assert not dirty(trace)
        held.commit()
    assert held.positions[0] < later, "a cursor over positions would now be past the held event"
    assert dirty(trace)
    assert project(trace) == {"1", "held"}


def test_an_append_that_is_rolled_back_leaves_the_call_clean():
    a = leg()
    append([draft(a)])
    trace = read.trace_of(a)
    project(trace)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        append([draft(a, "never")])
        raise ZeroDivisionError
    assert not dirty(trace)


def test_a_contradiction_that_commits_while_we_wait_for_it_is_still_kept_aside():
    a = leg()
    append([draft(a)])
    with Held(draft(a, "2")) as held:
        other = draft(a, "2", LegStatus(status="busy"))
        second = threading.Thread(target=lambda: (append([other]), connection.close()), daemon=True)
        second.start()
        assert waiting_for_a_lock()
        held.commit()
        second.join(10)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM log.conflict WHERE subject = %s", [a])
        assert cursor.fetchone()[0] == 1
    [head] = versions.read([read.trace_of(a)]).values()
    assert head.version == 2
