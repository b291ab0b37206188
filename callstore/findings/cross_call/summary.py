"""One call as its neighbours see it, and what the status pages said of the time."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from callstore.domain.facts.clock import unix

# Verdicts by which the AI's side failed the caller, or nobody knows who did.
FAILED = frozenset(
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
    """An entry of a provider's status page; `end` None: not over. Times in Unix seconds."""

    provider: str
    title: str
    start: float
    end: float | None = None
    external_id: str = ""
    status: str | None = None
    impact: str | None = None
    url: str | None = None


def overlapping(call: Summary, incidents: Iterable[Incident]) -> list[Incident]:
    """The incidents that were on when the call ended."""
    return [i for i in incidents if i.start <= call.at and (i.end is None or call.at <= i.end)]


def summary(document: Mapping[str, Any]) -> Summary | None:
    """A report (with its `call_id`) as a summary; None for a call without any time."""
    at = document.get("child_ended_at") or document.get("ended_at") or document.get("started_at")
    if at is None:
        return None
    session = document.get("session") or {}
    answers = [a for a in session.get("api_calls") or () if a["status"]]
    statuses = [a["status"] for a in answers]
    statuses += [c["http_status"] for c in session.get("connections") or () if c["http_status"]]
    return Summary(
        call_id=document["call_id"],
        at=unix(at),
        verdict=document["verdict"],
        cause=document.get("cause"),
        child_duration_s=document.get("child_duration_s"),
        slugs=frozenset(f["slug"] for f in document.get("findings") or ()),
        accepted=any(a["action"] == "accept" and a["status"] < 300 for a in answers),
        refused=tuple(s for s in statuses if s in (401, 403, 429) or s >= 500),
    )
