"""Two workers fold traces that learn of one another at once. In whatever order, one call is left."""

import random
from threading import Condition, Thread, current_thread

import pytest
from django.db import connection

from callstore.eventlog.heads import versions
from callstore.projection import linker, projector, queries, saving
from callstore.projection.worklist import heads
from tests.projection.facts import call_ids, keep, offered, rtc, sid, sql, status

pytestmark = pytest.mark.django_db(transaction=True)

STEPS = (
    (versions, "read"), (projector.RECENT, "by_trace"), (linker, "_reachable"), (linker, "note"),
    (saving, "share_in_transaction"), (saving, "_stored_calls"), (saving, "_write"), (heads, "finish"),
)  # fmt: skip
BLOCKED_S = 0.1  # a worker that takes no step for so long waits for the other's lock


class Schedule:
    """Lets workers take one step at a time, in the order that `choose` draws."""

    def __init__(self, choose: random.Random) -> None:
        self.choose = choose
        self.changed = Condition()
        self.waiting: dict[str, bool] = {}
        self.finished: set[str] = set()
        self.errors: list[BaseException] = []

    def gate(self, step):
        def stepped(*arguments, **options):
            name = current_thread().name
            if name in self.waiting:
                with self.changed:
                    self.waiting[name] = True
                    self.changed.notify_all()
                    self.changed.wait_for(lambda: not self.waiting[name])
            return step(*arguments, **options)

        return stepped

    def run(self, *works):
        threads = [
            Thread(target=self._work, args=[work], name=f"worker {n}", daemon=True)
            for n, work in enumerate(works)
        ]
        self.waiting = {thread.name: False for thread in threads}
        for thread in threads:
            thread.start()
        names = sorted(self.waiting)
        with self.changed:
            while len(self.finished) < len(names):
                self.changed.wait_for(
                    lambda: all(self.waiting[n] or n in self.finished for n in names), timeout=BLOCKED_S
                )
                if ready := [n for n in names if self.waiting[n]]:
                    self.waiting[self.choose.choice(ready)] = False
                    self.changed.notify_all()
        for thread in threads:
            thread.join()
        assert not self.errors

    def _work(self, work):
        try:
            work()
        except BaseException as error:
            self.errors.append(error)
        finally:
            connection.close()
            with self.changed:
                self.finished.add(current_thread().name)
                self.waiting[current_thread().name] = False
                self.changed.notify_all()


@pytest.mark.parametrize("seed", range(10))
def test_two_traces_that_learn_of_each_other_at_once_end_as_one_call(seed, monkeypatch):
    parent, child, session = sid(), sid(), rtc()
    first = keep(status(parent, "in-progress"))
    second = keep(status(child, "in-progress", at=1))
    keep(status(child, "completed", parent=parent, at=9))
    third = keep(offered(session, child))
    traces = first | second | third
    assert len(first | second) == 2

    schedule = Schedule(random.Random(seed))
    for module, name in STEPS:
        monkeypatch.setattr(module, name, schedule.gate(getattr(module, name)))
    schedule.run(lambda: projector.project(first), lambda: projector.project(second))
    monkeypatch.undo()
    drain(traces)

    assert call_ids(traces) == [min(traces)]
    assert queries.find(parent)["event_count"] == 4
    assert queries.find(parent)["child_call_sid"] == child


def drain(traces):
    """As the relay would: whatever is still dirty is projected again."""
    for _ in range(5):
        dirty = [t for t, head in versions.read(traces).items() if head.version > head.done]
        if not dirty:
            return
        projector.project(dirty)
    raise AssertionError(f"still dirty: {sql('SELECT * FROM log.head WHERE trace_id = ANY(%s)', dirty)}")
