"""Many told calls, one at a time, and straight into the log."""

import time
from collections.abc import Iterable, Iterator
from random import Random

from callstore.domain.facts.record import Draft
from callstore.eventlog.writing.append import append
from callstore.rehearsal.simulation.day import moments
from callstore.rehearsal.simulation.story import (
    ACCOUNT,
    AS_MOSTLY,
    LONGEST_STORY_S,
    Manner,
    SimulatedCall,
    story,
)
from ingest.providers.provider import normalise

BATCH_OF = 2000  # drafts in one append


def calls(
    count: int,
    *,
    seed: str,
    hours: float = 0.0,
    truncated: float | None = None,
    account: str = ACCOUNT,
    manner: Manner = AS_MOSTLY,
) -> Iterator[SimulatedCall]:
    """So many calls, one after the other, spread over the last hours; this share of them cut off.

    Without `truncated` as many as there mostly are. The same seed gives the same ids and words.
    """
    until = time.time() - LONGEST_STORY_S
    for number, at in enumerate(moments(count, until, hours, Random(seed))):
        rng = source(seed, number)
        cut = None if truncated is None else rng.random() < truncated
        yield story(rng, at, cut, account, manner)


def source(seed: str, number: int) -> Random:
    """What the call of this number is told from."""
    return Random(f"{seed}:{number}")


def paced(told: Iterable[SimulatedCall], rate: float | None) -> Iterator[SimulatedCall]:
    """No more than `rate` of them a second."""
    began = time.monotonic()
    for number, call in enumerate(told):
        if rate:
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
        yield call


def appended(told: Iterable[SimulatedCall]) -> Iterator[int]:
    """Puts calls into the log, many in one append; yields the number of deliveries of each call."""
    drafts: list[Draft] = []
    sizes: list[int] = []
    for call in told:
        # What has not arrived yet (a summary comes minutes after the end) has not happened.
        due = [d for d in call.deliveries if d.received_at <= time.time()]
        drafts += [draft for delivery in due for draft in normalise(delivery)]
        sizes.append(len(due))
        if len(drafts) >= BATCH_OF:
            append(drafts)
            yield from sizes
            drafts, sizes = [], []
    append(drafts)
    yield from sizes
