"""The state of one source: present, awaited until some moment, or gone, and why."""

from typing import NamedTuple

from callstore.domain.facts.vocabulary import SourceState
from callstore.findings.rule import Case


class State(NamedTuple):
    """`until`: Unix seconds up to which a pending source is expected."""

    word: SourceState
    why: str
    until: float | None = None


def awaited(of: Case, since: float | None, wait_s: float, pending: str, gone: SourceState, why: str) -> State:
    """Pending while the log has heard of nothing later than the wait; then what it turned out to be."""
    if since is None or (of.call.last_received_at or 0.0) <= since + wait_s:
        return State("pending", pending, None if since is None else since + wait_s)
    return State(gone, why)


def ended(of: Case) -> float | None:
    """When the AI leg ended at the latest, in Unix seconds."""
    return of.ending.end.at.latest if of.ending.end else None
