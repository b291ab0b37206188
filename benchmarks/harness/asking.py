"""How long a question takes that is asked again and again."""

import statistics
import time
from collections.abc import Callable

from callstore.projection.patience import TooSlow, patience

ROUNDS = 7
LONGEST_S = 5.0  # of one answer, and of all that are asked for one question


def timed(ask: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Milliseconds, again and again behind one in vain; what takes seconds is asked once or twice."""
    found: list[float] = []
    ends = time.monotonic() + LONGEST_S
    for _ in range(rounds + 1):
        started = time.perf_counter()
        try:
            with patience(LONGEST_S):
                ask()
        except TooSlow:
            pass
        found.append((time.perf_counter() - started) * 1000)
        if time.monotonic() > ends:
            break
    return found[1:] or found


def p95(found: list[float]) -> float:
    """The time that one in twenty exceeds."""
    return statistics.quantiles(found, n=20, method="inclusive")[-1] if len(found) > 1 else found[0]
