"""One call as its neighbours see it, and what the status pages said of the time."""

from collections.abc import Iterable
from typing import NamedTuple

from callstore.domain.facts.vocabulary import VerdictWord

# Verdicts by which the AI's side failed the caller, or nobody knows who did.
FAILED: frozenset[VerdictWord] = frozenset(
    {"ai_silent_first", "ai_closed_first", "ai_deaf", "ai_mute", "never_connected", "inconclusive"}
)


class Summary(NamedTuple):
    """`at` is when the AI leg ended, or the call began where that is not known, in Unix seconds.

    `refused`: HTTP statuses of 401, 403, 429 and 5xx that OpenAI gave to calls and sockets of ours.
    """

    call_id: str
    at: float
    verdict: str
    cause: str | None = None
    child_duration_s: int | None = None
    slugs: frozenset[str] = frozenset()
    accepted: bool = False
    refused: tuple[int, ...] = ()

    @property
    def failed(self) -> bool:
        return self.verdict in FAILED


class Incident(NamedTuple):
    """An entry of a provider's status page; `end` None: not over. Times in Unix seconds.

    `is_over` False says that nobody told the end: it is when the incident ceases to count.
    """

    provider: str
    title: str
    start: float
    end: float | None = None
    external_id: str = ""
    status: str | None = None
    impact: str | None = None
    url: str | None = None
    is_over: bool = True


def overlapping(call: Summary, incidents: Iterable[Incident]) -> list[Incident]:
    """The incidents that were on when the call ended."""
    return [i for i in incidents if i.start <= call.at and (i.end is None or call.at <= i.end)]
