"""The legs at Twilio: each status as a stretch until the next, the last one as an end."""

from collections.abc import Iterator

from callstore.domain.facts.vocabulary import RUNNING, LegRole
from callstore.report.document import Report
from callstore.report.document_parts import LegPart, Moment, Placed
from callstore.report.wording import leg_status
from dashboard.call.lanes.mark import Mark, mark, middle, placed, uncertainty
from dashboard.call.lanes.meetings import in_conference, streams


def parent(document: Report, horizon: float) -> Iterator[Mark]:
    """The caller's leg."""
    yield from _legs(document, "parent", horizon)


def child(document: Report, horizon: float) -> Iterator[Mark]:
    """The leg to the AI, and the others that the caller's leg dialled: to the AI before, or to a person.

    Without one, the media stream that takes its place.
    """
    yield from _legs(document, "child", horizon)
    if not document.get("child_call_sid"):
        yield from streams(document, horizon)
    to_ai = {other["child_call_sid"] for other in document.get("other_conversations") or ()}
    for leg in document.get("legs") or ():
        if leg["role"] == "other" and (leg["sid"] in to_ai or leg["parent"]):
            whose = "another leg to the AI" if leg["sid"] in to_ai else "a leg to somebody else"
            for each in _leg(leg, "child", horizon):
                told = f"{whose}, {leg['sid']}"
                yield {**each, "detail": f"{each['detail']} · {told}" if each["detail"] else told}


def _legs(document: Report, role: LegRole, horizon: float) -> Iterator[Mark]:
    for leg in document.get("legs") or ():
        if leg["role"] == role:
            yield from _leg(leg, role, horizon)
            yield from in_conference(document, leg, role)


def _leg(leg: LegPart, role: LegRole, horizon: float) -> Iterator[Mark]:
    end = leg["ended"] if placed(leg["ended"]) else None
    last: Placed = end or {"at_s": horizon, "precision_ms": 0}
    steps = _steps(leg)
    following: list[Placed] = [*(at for _, at in steps[1:]), last]
    # A leg of which nobody saw more than its end has no step, and nothing that one lasts until.
    for (status, at), until in zip(steps, following, strict=False):
        start, stop = middle(at), middle(until)
        if stop > start:
            yield mark(
                role, "state", leg_status(status), start, stop,
                role=role if status == "in-progress" else f"{role}-early",
                style="solid" if end or until is not last else "hatch",
                detail=None if end or until is not last else "its end has not been seen",
                uncertainty_s=uncertainty(at), positions=[at["position"]],
            )  # fmt: skip
    if end:
        yield mark(
            role, "end", leg_status(leg["status"], leg["sip_code"]), middle(end),
            role=role, style="hatch" if leg["end_inferred"] else "solid",
            detail="inferred: no callback of its end was seen" if leg["end_inferred"] else _lasted(leg),
            uncertainty_s=uncertainty(end), positions=[end["position"]],
        )  # fmt: skip


def _steps(leg: LegPart) -> list[tuple[str, Moment]]:
    """Each status with its moment, in the order of a leg's life; a step that came too late takes no room."""
    seen: dict[str, Moment] = {entry["status"]: entry for entry in leg["history"] if placed(entry)}
    if placed(leg["answered"]):
        seen["in-progress"] = leg["answered"]
    steps: list[tuple[str, Moment]] = []
    for status in RUNNING:
        if status in seen:
            while steps and middle(steps[-1][1]) >= middle(seen[status]):
                steps.pop()
            steps.append((status, seen[status]))
    return steps


def _lasted(leg: LegPart) -> str | None:
    return None if leg["duration_s"] is None else f"{leg['duration_s']} s by Twilio's count"
