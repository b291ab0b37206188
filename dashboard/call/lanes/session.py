"""Each AI session: offered, active, then closed, or silent with no close observed."""

from collections.abc import Iterator
from typing import NamedTuple

from callstore.report.document import Report
from callstore.report.document_parts import Moment, SessionPart
from dashboard.call.lanes.mark import Mark, mark, middle, placed, uncertainty

# A pause between two events of a session that is alive; longer ones are drawn as quiet.
QUIET_S = 1.0


class Close(NamedTuple):
    """The close of a socket: when, and whether the other side sent a frame."""

    at: Moment
    code: int | None
    reason: str | None
    framed: bool


class Life(NamedTuple):
    """A session, when its leg ended if that is known, and whether the AI's side is to blame for the end."""

    ai: SessionPart
    leg_end: float | None
    blamed: bool


def session(document: Report, horizon: float) -> Iterator[Mark]:
    """Stretches of each session's life and the moments that changed it."""
    for other in document.get("other_conversations") or ():
        if other["session"]:
            ended = _leg_end(document, other["child_call_sid"])
            yield from _session(Life(other["session"], ended, _blames(other["verdict"])), horizon)
    if ai := document.get("session"):
        ended = _leg_end(document, document.get("child_call_sid") or document.get("parent_call_sid"))
        yield from _session(Life(ai, ended, _blames(document.get("verdict"))), horizon)


def _session(life: Life, horizon: float) -> Iterator[Mark]:
    ai, close = life.ai, _close(life.ai)
    yield from _before(ai, horizon)
    yield from _life(life, close, horizon)
    yield from _moments(ai)
    if close:
        reason = f": {close.reason}" if close.reason else ""
        framed = "close frame received" if close.framed else "no close frame"
        yield mark(
            "ai", "end", f"closed {close.code or ''}".strip(), middle(close.at),
            role="ai", detail=f"{framed}{reason}", suspicious=life.blamed,
            uncertainty_s=uncertainty(close.at), positions=[close.at["position"]],
        )  # fmt: skip


def _blames(verdict: str | None) -> bool:
    """Whether a verdict is about the AI's side, so that its end is worth a look."""
    return (verdict or "").startswith("ai_")


def _close(ai: SessionPart) -> Close | None:
    """The last close that says something of the session: not one that only we sent."""
    closes = [
        Close(at, c["code"], c["reason"], c["received"] is not None)
        for c in ai["connections"]
        if placed(at := c["closed"]) and not (c["received"] is None and c["sent"] is not None)
    ]
    return max(closes, key=lambda close: middle(close.at), default=None)


def _before(ai: SessionPart, horizon: float) -> Iterator[Mark]:
    offered = ai["offered"]
    if not placed(offered):
        return
    until = middle(ai["first"]) if placed(ai["first"]) else horizon
    if until > middle(offered):
        yield mark(
            "ai", "state", "offered", middle(offered), until,
            role="ai-early", detail="the incoming-call webhook came",
            uncertainty_s=uncertainty(offered), positions=[offered["position"]],
        )  # fmt: skip


def _life(life: Life, close: Close | None, horizon: float) -> Iterator[Mark]:
    ai = life.ai
    first, last = ai["first"], ai["last"]
    if not (placed(first) and placed(last)):
        return
    until = middle(close.at) if close else life.leg_end
    alive = middle(last) if until is None or until - middle(last) > QUIET_S else max(until, middle(last))
    yield mark(
        "ai", "state", "active", middle(first), max(alive, middle(first) + 0.001),
        role="ai", detail=f"{ai['frames']} events, the last {ai['last_type']}",
        uncertainty_s=uncertainty(first), positions=[first["position"], last["position"]],
    )  # fmt: skip
    if until is None:
        if horizon > middle(last):
            yield mark(
                "ai", "state", "no event since", middle(last), horizon,
                role="ai", style="hatch", positions=[last["position"]],
            )  # fmt: skip
    elif until > alive:
        yield _quiet(life, last, close, until)


def _quiet(life: Life, last: Moment, close: Close | None, until: float) -> Mark:
    silent = until - middle(last)
    if close:
        return mark(
            "ai", "state", f"open, no event for {silent:.1f} s", middle(last), until,
            role="ai", style="hatch", positions=[last["position"]],
        )  # fmt: skip
    return mark(
        "ai", "state", "no events, no close observed", middle(last), until,
        role="silent", style="hatch",
        detail=f"{silent:.1f} s without an event of the session while the leg went on; "
        "a close was expected and none was seen",
        uncertainty_s=uncertainty(last),
        suspicious=life.blamed,
        positions=[last["position"]],
    )  # fmt: skip


def _leg_end(document: Report, sid: str | None) -> float | None:
    for leg in document.get("legs") or ():
        if leg["sid"] == sid:
            ended = leg["ended"]
            return middle(ended) if placed(ended) else None
    return None


def _moments(ai: SessionPart) -> Iterator[Mark]:
    for act in filter(placed, ai["api_calls"]):
        answer = f" → {act['status']}" if act["status"] else ""
        yield mark(
            "ai", "moment", f"{act['action']}{answer}", middle(act),
            role="app", detail="our application called the API",
            uncertainty_s=uncertainty(act), positions=[act["position"]],
        )  # fmt: skip
