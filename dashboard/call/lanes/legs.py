"""The legs at Twilio: each status as a stretch until the next, the last one as an end."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from dashboard.call.lanes.mark import Document, Mark, mark, middle, placed, uncertainty

TERMINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
LIFE = ("queued", "initiated", "ringing", "in-progress")


def parent(document: Document, horizon: float) -> Iterator[Mark]:
    """The caller's leg."""
    yield from _legs(document, "parent", horizon)


def child(document: Document, horizon: float) -> Iterator[Mark]:
    """The leg to the AI."""
    yield from _legs(document, "child", horizon)


def word(status: str | None, sip_code: int | None = None) -> str:
    """A status as people say it."""
    said = (status or "ended").replace("-", " ")
    return f"{said} · SIP {sip_code}" if sip_code else said


def _legs(document: Document, role: str, horizon: float) -> Iterator[Mark]:
    for leg in document.get("legs") or ():
        if leg["role"] == role:
            yield from _leg(leg, role, horizon)


def _leg(leg: Mapping[str, Any], role: str, horizon: float) -> Iterator[Mark]:
    end = leg["ended"] if placed(leg["ended"]) else None
    last: dict[str, Any] = end or {"at_s": horizon, "precision_ms": 0}
    steps = [*_steps(leg), ("", last)]
    for (status, at), (_, until) in pairwise(steps):
        start, stop = middle(at), middle(until)
        if stop > start:
            yield mark(
                role, "state", word(status), start, stop,
                role=role if status == "in-progress" else f"{role}-early",
                style="solid" if end or until is not last else "hatch",
                detail=None if end or until is not last else "its end has not been seen",
                uncertainty_s=uncertainty(at), positions=[at["position"]],
            )  # fmt: skip
    if end:
        yield mark(
            role, "end", word(leg["status"], leg["sip_code"]), middle(end),
            role=role, style="hatch" if leg["end_inferred"] else "solid",
            detail="inferred: no callback of its end was seen" if leg["end_inferred"] else _lasted(leg),
            uncertainty_s=uncertainty(end), positions=[end["position"]],
        )  # fmt: skip


def _steps(leg: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Each status with its moment, in the order of a leg's life; a step that came too late takes no room."""
    seen = {entry["status"]: entry for entry in leg["history"] if entry["status"] in LIFE and placed(entry)}
    if placed(leg["answered"]):
        seen["in-progress"] = leg["answered"]
    steps: list[tuple[str, dict[str, Any]]] = []
    for status in LIFE:
        if status in seen:
            while steps and middle(steps[-1][1]) >= middle(seen[status]):
                steps.pop()
            steps.append((status, seen[status]))
    return steps


def _lasted(leg: Mapping[str, Any]) -> str | None:
    return None if leg["duration_s"] is None else f"{leg['duration_s']} s by Twilio's count"
