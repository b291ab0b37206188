"""Lays a recording on the AI's clock: which channel is whose, and when its first sample was."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from callstore.domain.facts.spans import Spans, intersect, merge, shift, total

ODD_S = 0.6  # an edge that lies further off counts no more than this: one odd turn cannot pull
# How far from the stamps a start is looked for (s), and the mean distance of edges that is believed. Twilio
# stamps whole seconds and the AI's clock is known to some 0.3 s, hence 1.6. Turns of even length may fit the
# speech of their neighbours: only those that lie this close need not be looked for elsewhere.
NEAR_S, NEAR_FIT_S, SURE_FIT_S = 1.6, 0.28, 0.15
# A host without time service is off by more. Then caller's turns and agent's playbacks are laid together, and
# no other place may fit almost as well: of 239 labelled calls that were moved by 3 to 60 s 227 fitted to
# 0.18 s and so apart, each where it belongs, and none of 239 recordings of other calls did.
FAR_S, FAR_FIT_S, FAR_APART_S, FAR_LEAST = 90.0, 0.18, 0.15, 3
SAME_PLACE_S = 1.0
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


Sides: TypeAlias = tuple[Spans, Spans]  # what the caller says, and what the agent says


class Alignment(NamedTuple):
    """A recording's start in Unix seconds, the mean distance of the edges, and what each channel says."""

    start: float
    fit_s: float
    caller: Spans
    agent: Spans
    swapped: bool = False


def align(
    caller: Spans, agent: Spans, turns: Spans, playbacks: Spans, nominal: float, crossed: Sides | None = None
) -> Alignment | None:
    """The recording on the clock of the AI's events, or None where nothing ties them together.

    `caller` and `agent` count from the first sample, `turns` and `playbacks` are Unix seconds and
    `nominal` is where the stamps put the first sample. `crossed` is what caller and agent said if the
    channels are the wrong way round, where there are two.
    """
    straight = _aligned(caller, agent, turns, playbacks, nominal)
    heard, played = merge(turns), merge(playbacks)
    if crossed is None or total(played) < SWAP_FROM_S:
        return straight
    # The agent's channel may agree by an echo; the caller's agrees with the turns or it is not the caller's.
    # Of a caller who said next to nothing only the agent's channel can tell.
    asked = heard if total(heard) >= SWAP_FROM_S else []
    right = _share_spoken(asked, straight, "caller") if asked else _share_spoken(played, straight, "agent")
    if right > 1 - SWAP_SHARE:
        return straight
    other = _aligned(*crossed, turns, playbacks, nominal)
    # An agent that is mute in part still sounds on its own channel more than on the caller's.
    voice = _share_spoken(played, other, "agent")
    agreed = _share_spoken(asked, other, "caller") >= SWAP_SHARE if asked else voice >= SWAP_SHARE
    if other and agreed and voice > _share_spoken(played, other, "caller"):
        return other._replace(swapped=True)
    return straight


def _aligned(caller: Spans, agent: Spans, turns: Spans, playbacks: Spans, nominal: float) -> Alignment | None:
    """By the caller's turns near the stamp; where they do not fit well, by all that is known, anywhere."""
    heard = _track(caller, turns)
    played = _track(agent, [(start + PLAYED_S, end + PLAYED_S) for start, end in playbacks])
    found = _align_near(heard, nominal)
    if found is None or found[1] > SURE_FIT_S:
        far = _align_far([heard, played], nominal) or _align_far([heard], nominal)
        found = far or found or _align_near(played, nominal)
    return Alignment(*found, caller, agent) if found else None


def _share_spoken(known: Spans, laid: Alignment | None, who: Literal["caller", "agent"]) -> float:
    """Of what the AI knew, the share in which the channel of this side speaks."""
    if laid is None:
        return 0.0
    spoken = merge(shift(laid.caller if who == "caller" else laid.agent, laid.start))
    return total(intersect(known, spoken)) / total(known)


class _Track(NamedTuple):
    """One side's speech in the recording, by its edges, and what of it the AI knew of, on its own clock."""

    onsets: list[float]
    ends: list[float]
    known: Spans

    def tries(self, nominal: float, within: float) -> Iterator[float]:
        """Starts that lay an edge of the recording on an edge that the AI knew of."""
        for start, end in _evenly(self.known, CANDIDATES):
            yield from (start - onset for onset in _edges_within(self.onsets, start - nominal, within))
            yield from (end - stop for stop in _edges_within(self.ends, end - nominal, within))

    def distances(self, at: float) -> float:
        """How far the edges lie from their nearest, summed."""
        return sum(
            min(_nearest(self.onsets, start - at), ODD_S) + min(_nearest(self.ends, end - at), ODD_S)
            for start, end in self.known
        )


def _track(speech: Spans, known: Spans) -> _Track | None:
    if not speech or not known:
        return None
    return _Track([s for s, _ in speech], [e for _, e in speech], _evenly(known, TURNS))


def _align_near(track: _Track | None, nominal: float) -> tuple[float, float] | None:
    """The start near the stamp that lays the edges best, and the mean distance left."""
    if track is None:
        return None
    found = [(at, _fit([track], at)) for at in track.tries(nominal, NEAR_S)]
    best = min(found, key=lambda f: (f[1] + STRAY * abs(f[0] - nominal) / NEAR_S, f[0]), default=None)
    return best if best and best[1] <= NEAR_FIT_S else None


def _align_far(tracks: Iterable[_Track | None], nominal: float) -> tuple[float, float] | None:
    """The one start that lays both sides' edges, however far from the stamp; the caller's are the finer."""
    both = [track for track in tracks if track]
    if sum(len(track.known) for track in both) < FAR_LEAST:
        return None
    found = sorted((_fit(both, at), at) for track in both for at in track.tries(nominal, FAR_S))
    if not found or found[0][0] > FAR_FIT_S:
        return None
    fit, at = found[0]
    others = (f for f, other in found if abs(other - at) > SAME_PLACE_S)
    if next(others, ODD_S) - fit < FAR_APART_S:
        return None
    return _align_near(both[0], at) or (at, fit)


def _fit(tracks: Sequence[_Track], at: float) -> float:
    return sum(t.distances(at) for t in tracks) / sum(2 * len(t.known) for t in tracks)


def _evenly(turns: Spans, count: int) -> Spans:
    return turns[:: max(1, len(turns) // count)]


def _edges_within(edges: Sequence[float], at: float, within: float) -> Sequence[float]:
    return edges[bisect_left(edges, at - within) : bisect_left(edges, at + within)]


def _nearest(edges: Sequence[float], at: float) -> float:
    place = bisect_left(edges, at)
    return min(abs(edge - at) for edge in edges[max(0, place - 1) : place + 1])
