"""The work list under fire: whoever writes heads takes them in one order."""

import random
import threading
from time import monotonic

import pytest
from django.db import OperationalError, connection

from callstore.eventlog.db.statement import run_each
from callstore.eventlog.writing.append import append
from callstore.projection.worklist import heads
from tests.projection.facts import ASTRAY, keep, sid, sql, status, traces_of

pytestmark = pytest.mark.django_db(transaction=True)

CALLS = 40
SECONDS = 1.5


class Crowd:
    """Threads that do their work again and again for a while, and how often one was killed in a deadlock."""

    def __init__(self) -> None:
        self.deadlocks = 0
        self.done = 0
        self.errors: list[BaseException] = []

    def run(self, *works) -> None:
        ends = monotonic() + SECONDS

        def repeat(work, chance) -> None:
            sql("SET deadlock_timeout = '20ms'")
            try:
                while monotonic() < ends:
                    try:
                        work(chance)
                        self.done += 1
                    except OperationalError as error:
                        if "deadlock" not in str(error):
                            raise
                        self.deadlocks += 1
            except BaseException as error:
                self.errors.append(error)
            finally:
                connection.close()

        threads = [
            threading.Thread(target=repeat, args=(work, random.Random(n)), daemon=True)
            for n, work in enumerate(works)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not self.errors and self.done > len(works)


@pytest.fixture
def legs():
    sql("DELETE FROM log.head")
    legs = [sid() for _ in range(CALLS)]
    keep(*(status(leg, "ringing") for leg in legs))
    return legs


def test_appends_claims_and_saves_never_deadlock(legs):
    traces = sorted(traces_of(f"twilio:{leg}" for leg in legs))

    def tell(chance):
        append([status(leg, "in-progress") for leg in chance.sample(legs, 20)])

    def claim(chance):
        claimed = [one.trace for one in heads.claim(30)]
        chance.shuffle(claimed)
        heads.begin(claimed[:15])
        heads.release(claimed)

    def save(chance):
        heads.finish({trace: 1 for trace in chance.sample(traces, 20)})

    crowd = Crowd()
    crowd.run(tell, tell, claim, claim, save, save)
    assert crowd.deadlocks == 0
    assert not sql(ASTRAY)


def test_a_head_says_since_when_it_is_behind_and_nothing_while_it_is_not(legs):
    [trace] = traces_of([f"twilio:{legs[0]}"])
    since = "SELECT since IS NULL FROM log.head WHERE trace_id = %s"
    assert sql(since, trace) == [(False,)]
    heads.finish({trace: 1})
    assert sql(since, trace) == [(True,)]
    append([status(legs[0], "in-progress"), status(legs[0], "completed")])
    heads.finish({trace: 2})
    assert sql(since, trace) == [(False,)]
    heads.finish({trace: 3})
    heads.finish({trace: 2})  # a slower worker, that had read less
    assert sql(since, trace) == [(True,)]
    assert not sql(ASTRAY)


def test_the_order_is_what_keeps_them_from_it(legs):
    traces = sorted(traces_of(f"twilio:{leg}" for leg in legs))

    def lease(chance):
        rows = [(trace,) for trace in chance.sample(traces, 30)]
        run_each("UPDATE log.head SET lease = now() WHERE trace_id = %s", rows)

    crowd = Crowd()
    crowd.run(lease, lease, lease, lease)
    assert crowd.deadlocks > 0
