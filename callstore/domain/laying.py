"""Lays a recording on the AI's clock: which channel is whose, and when its first sample was."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from callstore.domain.spans import Spans, intersect, merge, shift, total

ODD_S = 0.6  # an edge that lies further off counts no more than this: one odd turn cannot pull
# How far from the stamps a start is looked for (s), from how many turns on, and the mean distance of edges
# that is believed. Twilio stamps whole seconds and the AI's clock is known to some 0.3 s, hence 1.6; a host
# without time service is off by more. Turns laid on their own recording lie 0.01 to 0.17 s off, on another's
# 0.3 s or more in 49 of 56 pairs (the recorded scenarios); chance needs few turns and much room.
SEARCHES = ((1.6, 1, 0.28), (15.0, 2, 0.12), (90.0, 4, 0.15))
# Straying as far as the range allows costs as much as edges that lie this much worse.
STRAY = 0.05
# So many turns, evenly taken, fix a start as well as a thousand would; fewer are enough to name candidates.
TURNS = 40
CANDIDATES = 8
# From the event that says so to the agent's voice on the line.
PLAYED_S = 0.1
# Twilio's dual channels are fixed (1 caller, 2 agent): they are taken for swapped only where the caller's has
# little speech in the turns, and the other way round both have much where they should.
SWAP_FROM_S = 1.5
SWAP_SHARE = 0.6


class Laid(NamedTuple):
    """A recording's start in Unix seconds, the mean distance of the edges, and what each channel says."""

    start: float
    fit_s: float
    caller: Spans
    agent: Spans
    swapped: bool = False


def lay(caller: Spans, agent: Spans, turns: Spans, playbacks: Spans, nominal: float) -> Laid | None:
    """The recording on the clock of the AI's events, or None where nothing ties them together.

    `caller` and `agent` count from the first sample, `turns` and `playbacks` are Unix seconds and
    `nominal` is where the stamps put the first sample.
    """
    straight = _laid(caller, agent, turns, playbacks, nominal)
    if total(turns) < SWAP_FROM_S or total(playbacks) < SWAP_FROM_S:
        return straight
    # The agent's channel may agree by an echo; the caller's agrees with the turns or it is not the caller's.
    if _agreement(straight, turns, playbacks)[0] > 1 - SWAP_SHARE:
        return straight
    crossed = _laid(agent, caller, turns, playbacks, nominal)
    if crossed and min(_agreement(crossed, turns, playbacks)) >= SWAP_SHARE:
        return crossed._replace(swapped=True)
    return straight


def _laid(caller: Spans, agent: Spans, turns: Spans, playbacks: Spans, nominal: float) -> Laid | None:
    """By the caller's turns; where they say nothing, by the agent's playbacks."""
    if found := _start(caller, turns, nominal):
        return Laid(*found, caller, agent)
    audible = [(start + PLAYED_S, end + PLAYED_S) for start, end in playbacks]
    found = _start(agent, audible, nominal)
    return Laid(*found, caller, agent) if found else None


def _agreement(laid: Laid | None, turns: Spans, playbacks: Spans) -> tuple[float, float]:
    """The shares of the turns and of the playbacks in which the right channel speaks."""
    heard, played = merge(turns), merge(playbacks)
    if laid is None or not heard or not played:
        return 0.0, 0.0
    caller, agent = merge(shift(laid.caller, laid.start)), merge(shift(laid.agent, laid.start))
    return total(intersect(heard, caller)) / total(heard), total(intersect(played, agent)) / total(played)


def _start(speech: Spans, turns: Spans, nominal: float) -> tuple[float, float] | None:
    """The start that lays the edges of speech on the turns, and the mean distance left."""
    if not speech or not turns:
        return None
    sample = _evenly(turns, TURNS)
    onsets, ends = [s for s, _ in speech], [e for _, e in speech]
    for within, least, believed in SEARCHES:
        found = _best(onsets, ends, sample, nominal, within) if len(turns) >= least else None
        if found and found[1] <= believed:
            return found
    return None


def _best(
    onsets: list[float], ends: list[float], turns: Spans, nominal: float, within: float
) -> tuple[float, float] | None:
    """Edges in the recording are paired with edges of turns; the start that lays all turns best is kept."""
    some = _evenly(turns, CANDIDATES)
    tries = [start - onset for start, _ in some for onset in _among(onsets, start - nominal, within)]
    tries += [stop - end for _, stop in some for end in _among(ends, stop - nominal, within)]

    def distance(at: float) -> float:
        apart = (min(_nearest(onsets, s - at), ODD_S) + min(_nearest(ends, e - at), ODD_S) for s, e in turns)
        return sum(apart) / (2 * len(turns))

    found = [(distance(at), at) for at in tries]
    best = min(found, key=lambda f: (f[0] + STRAY * abs(f[1] - nominal) / within, f[1]), default=None)
    return None if best is None else (best[1], best[0])


def _evenly(turns: Spans, count: int) -> Spans:
    return turns[:: max(1, len(turns) // count)]


def _among(edges: Sequence[float], at: float, within: float) -> Sequence[float]:
    return edges[bisect_left(edges, at - within) : bisect_left(edges, at + within)]


def _nearest(edges: Sequence[float], at: float) -> float:
    place = bisect_left(edges, at)
    return min(abs(edge - at) for edge in edges[max(0, place - 1) : place + 1])
