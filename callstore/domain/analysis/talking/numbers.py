"""A conversation's numbers (docs/fields.md): who waited how long for whom, and who spoke over whom. Pure.

Each number is one function of who spoke when (`talking/talk.py`); moments are Unix seconds.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from callstore.domain.analysis.talking.talk import Talk
from callstore.domain.facts.events import Span
from callstore.domain.facts.spans import Spans, clamp, intersect, merge, subtract, total
from callstore.domain.facts.vocabulary import NumbersBasis

# A detector needs this much speech before it says so (ai_clock.ONSET_S): who begins less than that before the
# agent's last sound did not cut it off, but came in early.
NOTICED_S = 0.2
# From the caller's first sound to the agent's silence pass the detector, the way there and back, and what is
# already on the line. Who is still speaking after this does not yield.
YIELDS_S = 1.2
# A shorter silence of an agent's is between two of its words.
BREATH_S = 0.5


class Numbers(NamedTuple):
    """The numbers of one call, and where on the axis they are seen."""

    basis: NumbersBasis
    response_p50_s: float | None
    response_p95_s: float | None
    dead_air: Span | None
    talk_over: Spans
    interruptions: list[float]
    caller_share: float | None
    unseen: Spans


def conversation(talk: Talk) -> Numbers:
    """All numbers of it."""
    waits = [answered - stopped for stopped, answered in responses(talk)]
    return Numbers(
        basis=talk.basis,
        response_p50_s=percentile(waits, 0.5),
        response_p95_s=percentile(waits, 0.95),
        dead_air=dead_air(talk),
        talk_over=talk_over(talk),
        interruptions=interruptions(talk),
        caller_share=caller_share(talk),
        unseen=talk.unseen,
    )


def responses(talk: Talk) -> Spans:
    """From the end of a caller's turn to the first sound of the agent after it.

    A turn ends where the agent comes in: pauses before that are the caller's own. What the agent says with
    nothing of the caller's since its last sound, a greeting or more of the same, answers nobody. Nor does
    what it says into the caller's words: there is no end to count from. Where nobody watched in between,
    something may have been said.
    """
    starts, ends = [s for s, _ in talk.caller], [e for _, e in talk.caller]
    found: Spans = []
    said = talk.window[0]  # the end of the agent's last sound
    for sound, until in talk.agent:
        ended, begun = bisect_right(ends, sound), bisect_right(starts, sound)
        waited = (ends[ended - 1], sound) if ended else (sound, sound)
        if ended and begun == ended and waited[0] >= said and not clamp(talk.unseen, *waited):
            found.append(waited)
        said = until
    return found


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value below which this share lies, between two values in proportion (SQL's percentile_cont)."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def dead_air(talk: Talk) -> Span | None:
    """The longest stretch of the answered AI leg in which neither spoke, of those that somebody watched.

    Before their first word and after their last counts as well: who waits for a greeting hears the same
    nothing as who waits for an answer.
    """
    silent = subtract([talk.window], merge([*talk.caller, *talk.agent, *talk.unseen]))
    return max(silent, key=lambda stretch: stretch[1] - stretch[0], default=None)


def talk_over(talk: Talk) -> Spans:
    """Where both speak, whoever began. The agent's echo on the caller's channel was left out before."""
    return intersect(talk.caller, talk.agent)


def interruptions(talk: Talk) -> list[float]:
    """When the agent fell silent because the caller had begun to speak, once for each time.

    Where the session says of its playback whether it was cut, that decides, and the caller must have been
    heard at it: our own application may cut it, too. Otherwise the sound alone tells: the caller begins while
    the agent speaks, and it yields, neither at once nor late, until the caller has ended. Who only says "mm"
    stops nobody.
    """
    if talk.cuts is not None:
        return [cut for cut in talk.cuts if any(s < cut < e + YIELDS_S for s, e in talk.caller)]
    return [
        end
        for (start, end), following in _followed(merge(talk.agent, BREATH_S))
        if any(start < s <= end - NOTICED_S for s, _ in _yielded_to(talk.caller, end, following))
    ]


def _yielded_to(caller: Spans, silent: float, following: float) -> Spans:
    """What of the caller's an agent can have fallen silent for, that speaks again only when they ended."""
    return [(s, e) for s, e in caller if silent - s <= YIELDS_S and e <= following]


def _followed(spans: Spans) -> list[tuple[Span, float]]:
    """Each span with the start of the next one."""
    return list(zip(spans, [*(start for start, _ in spans[1:]), float("inf")], strict=False))


def caller_share(talk: Talk) -> float | None:
    """The caller's part of all that was spoken by both, 0 to 1; unknown where nobody spoke."""
    caller, agent = total(talk.caller), total(talk.agent)
    return caller / (caller + agent) if caller + agent else None
