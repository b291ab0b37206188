"""The agent on the caller's channel, as far as its shape did not give it away (callstore/audio/echo.py)."""

from collections.abc import Iterable

from callstore.domain.facts.events import Span
from callstore.domain.facts.spans import Spans, intersect, merge, subtract, total

# An echo comes back this late (callstore/audio/echo.py, LONGEST_LAG_S).
ECHO_S = 0.5
# A telephone that gives the agent back does so all the time. Where so little of what the agent says is on the
# caller's channel, and none of it was known for its echo, it is the caller who speaks over the agent.
ECHOED_SHARE = 0.3


def bleed(spoken: Spans, speaking: Spans, heard: Iterable[Span], edge_s: float, known: bool = False) -> Spans:
    """What of the caller's channel is the agent who is `speaking`, and not what the AI `heard` of the caller.

    Edges of detectors differ by `edge_s`; `known` says that the line is known for its echo.
    """
    echoing = merge((s - edge_s, e + ECHO_S) for s, e in speaking)
    unheard = subtract(intersect(spoken, echoing), merge((s - edge_s, e + edge_s) for s, e in heard))
    return unheard if known or total(unheard) >= ECHOED_SHARE * total(speaking) else []
