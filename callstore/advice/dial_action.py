"""The second in which a <Dial> ends: the call as log and application know it, seen from the AI's leg."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from callstore.domain.analysis.finish_tools import USUAL_TOOLS, FinishTools
from callstore.domain.call.call import Call, Leg
from callstore.domain.call.fold import fold
from callstore.domain.call.observation import Observation
from callstore.domain.call.session import Session
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import Frame
from callstore.domain.facts.record import Record
from callstore.domain.facts.vocabulary import TERMINAL
from callstore.findings.rule import Case, case

NOWHERE = -1  # the position of what the application told with its question: it is not in the log


class DialReport(NamedTuple):
    """What the application knows of the <Dial action> request; None is not told.

    `finished` is whether the agent's finish tool was called or the application hung up.
    """

    call_status: str | None = None
    dial_call_status: str | None = None
    dial_call_sid: str | None = None
    finished: bool | None = None


class DialEnd(NamedTuple):
    """`at` is when the AI's leg ended (Unix seconds), `held_s` how long the application holds events back."""

    of: Case
    told: DialReport
    at: float
    held_s: float

    @property
    def caller(self) -> str | None:
        """The status of the caller's leg: as told, else as the dial action said, else as the leg reported."""
        dial, parent = self.of.ending.dial, self.of.call.parent
        logged = parent.status if parent and parent.status in TERMINAL else None
        return self.told.call_status or (dial.status if dial and dial.asked else None) or logged

    @property
    def silence_s(self) -> float:
        """How long before the end the AI's last event was."""
        last = self.of.call.session.last if self.of.call.session else None
        return max(0.0, self.at - last.at.at) if last else 0.0

    @property
    def earlier(self) -> Leg | None:
        """An AI leg of this caller that had been answered before this one began."""
        call, child = self.of.call, self.of.call.child
        others = [
            leg
            for leg in call.legs.values()
            if child and leg.sid != child.sid and leg.parent == child.parent
            if leg.was_answered and _began(leg) < _began(child)
        ]
        return max(others, key=_began, default=None)


def dial_end(
    records: Sequence[Record],
    asked: str,
    told: DialReport,
    now: float,
    tools: FinishTools = USUAL_TOOLS,
) -> DialEnd:
    """The end of the leg `asked`: a child's SID, or its parent's, then of its last child."""
    call = fold(records)
    told_now = Observation(Instant(now, Clock.RECEIVER), NOWHERE)
    child = _child(call, asked, told.dial_call_sid, told_now)
    if child and child.ended is None and told.dial_call_status in TERMINAL:
        child = replace(child, status=told.dial_call_status, ended=told_now)
    if child:
        parent = call.legs.get(child.parent or "") or call.parent
        call = replace(call, child=child, parent=parent, session=_session(call, child))
    of = case(call, tools)
    return DialEnd(of, told, of.ending.moment or now, _held_s(records))


def _child(call: Call, asked: str, told: str | None, now: Observation) -> Leg | None:
    """The leg that the application names, even before the log knows it; else the one asked about."""
    if told and told not in call.legs:
        return Leg(told, parent=call.parent.sid if call.parent else None, first=now)
    named = call.legs.get(told or asked)
    if named and named.parent:
        return named
    children = [leg for leg in call.legs.values() if leg.parent and leg.parent == asked]
    return max(children, key=_began, default=call.child)


def _began(leg: Leg) -> tuple[float, str]:
    return leg.first.at.at if leg.first else 0.0, leg.sid


def _session(call: Call, child: Leg) -> Session | None:
    """The session of this leg: the one that names it, else the latest that names none."""
    own = [s for s in call.sessions.values() if s.child == child.sid]
    nameless = [s for s in call.sessions.values() if s.child is None]

    def begun(session: Session) -> tuple[float, str]:
        first = session.offered or session.first
        return first.at.at if first else 0.0, session.id

    return max(own or nameless, key=begun, default=None)


def _held_s(records: Sequence[Record]) -> float:
    """The widest stretch of frames that arrived in one delivery: so long the next may still be held back."""
    arrived: defaultdict[float, list[float]] = defaultdict(list)
    for record in records:
        if isinstance(record.event, Frame):
            arrived[record.received_at].append(record.occurred.at)
    return max((max(moments) - min(moments) for moments in arrived.values()), default=0.0)
