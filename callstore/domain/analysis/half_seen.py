"""Turns of which one edge was never seen, or neither: an observer that reconnects missed them.

What did come still says where the turn lies: the speech that ends where it was closed, or begins where it
was opened. A recording shows that speech; without one the words tell how long it was.
"""

import unicodedata
from typing import NamedTuple

from callstore.domain.analysis.ai_clock import PREFIX_S, paddings
from callstore.domain.call.session import Session, Turn
from callstore.domain.facts.events import Span
from callstore.domain.facts.spans import Spans, merge

# The AI's detector ends a turn after half a second of silence by default; ours ends speech a little earlier.
PAUSE_S = 0.6
# Text comes some seconds behind its turn; whose turn was closed longer ago was not the last that was spoken.
TEXT_WITHIN_S = 5.0

# Speaking rates (Pellegrino et al. 2011: 5 to 8 syllables a second) in letters; a wide letter is a syllable
# or more.
LETTERS_PER_S = 14.0
WIDE_PER_S = 7.0
SHORTEST_S = 0.3


class Reach(NamedTuple):
    """A turn lies between `start` and `end`; `opens` and `closes` say which of the two is its own edge."""

    start: float
    end: float
    opens: bool
    closes: bool
    words_s: float  # how long its words take to say


def reaches(session: Session, zero: float | None, seen: dict[str, Span], begun: float) -> dict[str, Reach]:
    """How far each turn can reach that is not among those `seen` whole. `begun` is the session's start."""
    prefix, silence = paddings(session)
    found = {}
    for turn in session.turns.values():
        if turn.item in seen:
            continue
        opened = None if zero is None or turn.start_ms is None else zero + turn.start_ms / 1000 + prefix
        closed, exact = _closed(session, turn, zero, silence, opened)
        if closed is None:
            continue
        earlier = max((end for _, end in seen.values() if end <= closed), default=begun)
        start = min(earlier, closed) if opened is None else opened
        if closed > start:
            found[turn.item] = Reach(start, closed, opened is not None, exact, spoken_s(turn.text))
    return found


def by_words(reach: Reach) -> Span:
    """Where a turn lies by the length of its words alone."""
    if reach.opens:
        return reach.start, min(reach.end, reach.start + max(reach.words_s, PREFIX_S))
    return max(reach.start, reach.end - reach.words_s), reach.end


def by_speech(reach: Reach, caller: Spans, spread_s: float) -> Span:
    """Where a turn lies by what the caller is heard to say: the last speech that fits, pauses bridged."""
    runs = [
        (max(start, reach.start), min(end, reach.end + spread_s))
        for start, end in merge(caller, PAUSE_S)
        if end > reach.start and start < reach.end
    ]
    if reach.opens:
        fitting = [run for run in runs if run[0] <= reach.start + spread_s + PREFIX_S][:1]
        return (reach.start, fitting[0][1]) if fitting else by_words(reach)
    within = spread_s + PAUSE_S if reach.closes else TEXT_WITHIN_S
    # While its text is on the way the caller may have begun anew: that speech has not ended yet.
    ended = [run for run in runs if run[1] <= reach.end + spread_s / 2 and run[1] >= reach.end - within]
    return ended[-1] if ended else by_words(reach)


def spoken_s(text: str | None) -> float:
    """About how many seconds these words take to say."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text or "")
    return max(SHORTEST_S, wide / WIDE_PER_S + (len(text or "") - wide) / LETTERS_PER_S)


def _closed(
    session: Session, turn: Turn, zero: float | None, silence: float, opened: float | None
) -> tuple[float | None, bool]:
    """When a turn was over at the latest, and whether that is its own end."""
    if turn.stop_ms is not None and zero is not None:
        return zero + turn.stop_ms / 1000 - silence, True
    if closed := turn.stopped or turn.committed:
        return closed.at.at - silence, True
    if written := turn.transcribed or turn.failed:
        return written.at.at - silence, False
    if opened is None:
        return None, False
    # It was closed before whatever followed: a reply, or another turn.
    begun = [t.started.at.at for t in session.turns.values() if t.started]
    begun += [r.started.at.at for r in session.replies.values() if r.started]
    return min((at for at in begun if at > opened + PREFIX_S), default=None), False
