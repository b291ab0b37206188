"""Shares of calls with what they are worth: intervals of a share and of the difference of two. Pure.

A share of few calls is no news: it is given, marked as small, and never called a change.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

LEVEL = 0.95
SMALL = 30  # calls below which a share is told and not ranked: its interval is some 35 points wide


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`, as a share from 0 to 1 with its 95 % interval (Wilson); null where `of` is 0.

    `small`: of too few calls to rank by.
    """

    count: int
    of: int
    share: float | None
    low: float | None
    high: float | None
    small: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much a share is greater than before, 0 to 1, with its interval; null where either has no calls.

    `changed` only where the interval leaves out 0 and neither share is of few calls.
    """

    difference: float | None
    low: float | None
    high: float | None
    changed: bool


def share(count: int, of: int) -> Share:
    """The share of `count` calls of `of`, at LEVEL."""
    if not of:
        return Share(count, of, None, None, None, True)
    low, high = wilson(count, of, _z(LEVEL))
    return Share(count, of, round(count / of, 6), round(low, 6), round(high, 6), of < SMALL)


def difference(now: Share, before: Share, comparisons: int = 1) -> Difference:
    """How a share differs from that before, by Newcombe's interval from the two of Wilson.

    Where so many are compared at once the interval is widened (Bonferroni), so that in 19 of 20 pages on
    which nothing changed no row says that something did.
    R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in
    Medicine 17 (1998), method 10.
    """
    if now.share is None or before.share is None:
        return Difference(None, None, None, False)
    z = _z(1 - (1 - LEVEL) / max(1, comparisons))
    p1, p2 = now.count / now.of, before.count / before.of
    (l1, u1), (l2, u2) = wilson(now.count, now.of, z), wilson(before.count, before.of, z)
    low = p1 - p2 - sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2)
    high = p1 - p2 + sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)
    changed = (low > 0 or high < 0) and not (now.small or before.small)
    return Difference(round(p1 - p2, 6), round(low, 6), round(high, 6), changed)


def wilson(count: int, of: int, z: float) -> tuple[float, float]:
    """Wilson's score interval of a share, `z` the normal quantile of its level."""
    p, z2 = count / of, z * z
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = z / (1 + z2 / of) * sqrt(p * (1 - p) / of + z2 / (4 * of * of))
    # At the ends the formula is exactly 0 or 1, and arithmetic is not.
    return (0.0 if count == 0 else max(0.0, middle - half)), (1.0 if count == of else min(1.0, middle + half))


def _z(level: float) -> float:
    return NormalDist().inv_cdf(0.5 + level / 2)
