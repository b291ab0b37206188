"""When calls begin: a day has a shape."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

# Calls an hour of the day (UTC), relative: quiet nights, a morning and an afternoon, a dip at noon.
SHAPE = (1, 1, 1, 1, 2, 3, 6, 10, 16, 20, 20, 17, 12, 14, 18, 19, 17, 14, 10, 8, 6, 4, 3, 2)
SLOT_S = 600.0


def moments(count: int, until: float, hours: float, rng: Random) -> Iterator[float]:
    """So many moments of the last `hours` before `until`, in order; with no hours all are `until`."""
    slots = [until - hours * 3600 + SLOT_S * n for n in range(max(1, round(hours * 3600 / SLOT_S)))]
    weights = [SHAPE[datetime.fromtimestamp(slot, UTC).hour] for slot in slots]
    width = min(SLOT_S, hours * 3600)
    whole, before, slot = sum(weights), 0.0, 0
    for number in range(count):
        place = (number + rng.random()) / count * whole
        while slot < len(slots) - 1 and place >= before + weights[slot]:
            before += weights[slot]
            slot += 1
        yield slots[slot] + (place - before) / weights[slot] * width
