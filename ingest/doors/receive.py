"""The doorway: verify, normalise, keep, answer. Nothing is folded here."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from callstore.base.asgi import RETRY_AFTER
from callstore.base.seldom import Seldom
from callstore.eventlog.crypto.keys import WrongLogKey
from ingest.dialects.parsed import ParsedDelivery
from ingest.doors import rejections
from ingest.providers.delivery import Delivery
from ingest.providers.provider import Refused, discovered
from ingest.spool.keep import Verified, keep, put
from ingest.spool.spool import SpoolFull

log = logging.getLogger(__name__)
# Of each draft in turn, as `keep` gives them: None for all of them where they are in the spool.
Positions = list[int | None] | None
Keep = Callable[[Sequence[Verified]], Positions]


@dataclass(frozen=True, slots=True)
class Response:
    """What the sender is told; `headers` besides the content type."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


_seldom = Seldom()
AWAY = Response(503, headers=(RETRY_AFTER,))


def receive(delivery: Delivery) -> Response:
    """Takes one delivery in. The answer is given when its facts are kept, or were already there."""
    [answer] = receive_all([delivery])
    rejections.flush()
    return answer


def receive_all(deliveries: Sequence[Delivery]) -> list[Response]:
    """Takes deliveries in, the facts of all by one append; an answer to each. Never raises.

    What the log cannot take now goes to the spool. What is refused is noted; somebody has to flush it.
    """
    return _taken(deliveries, keep)


def spool_all(deliveries: Sequence[Delivery]) -> list[Response]:
    """Takes deliveries in as `receive_all` does, but asks no database: all go to the spool."""
    return _taken(deliveries, put)


def _taken(deliveries: Sequence[Delivery], kept_by: Keep) -> list[Response]:
    try:
        return _receive(deliveries, kept_by)
    except Exception as error:
        if len(deliveries) > 1:  # the fault of one is not its neighbours'
            return [answer for delivery in deliveries for answer in _taken([delivery], kept_by)]
        if isinstance(error, WrongLogKey):
            if times := _seldom.due("log key"):
                log.critical("%d deliveries were sent back: %s", times, error)
            return [AWAY]
        log.exception("a delivery at %s met a fault of ours", deliveries[0].door)
        return [Response(500)]


def _receive(deliveries: Sequence[Delivery], kept_by: Keep) -> list[Response]:
    taken = [_proved(delivery) for delivery in deliveries]
    positions, is_full = _kept([each for each in taken if isinstance(each, Verified)], kept_by)
    ahead = None if positions is None else iter(positions)
    answers = []
    for delivery, each in zip(deliveries, taken, strict=True):
        if isinstance(each, Refused):
            rejections.note(delivery.door, each, delivery.received_at)
            answers.append(Response(403))
        elif is_full and each.parsed.drafts:
            answers.append(AWAY)
        else:
            answers.append(_answer(each, ahead))
    return answers


def _proved(delivery: Delivery) -> Verified | Refused:
    """What it says, or why it is not believed."""
    try:
        discovered()[delivery.door].verify(delivery)
    except Refused as refusal:
        return refusal
    return Verified.of(delivery)


def _kept(verified: list[Verified], kept_by: Keep) -> tuple[Positions, bool]:
    """The positions, and whether there is no room for them even in the spool."""
    try:
        return kept_by(verified), False
    except SpoolFull as full:
        if times := _seldom.due(str(full)):
            log.critical("deliveries are sent back (%d times): %s", times, full)
        return None, True


def _answer(verified: Verified, ahead: Iterator[int | None] | None) -> Response:
    parsed = verified.parsed
    known = None if ahead is None else [[next(ahead) is None for _ in element] for element in parsed.elements]
    if fault := parsed.fault:
        return Response(fault.status, orjson.dumps({"error": fault.error}), fault.headers)
    if discovered()[verified.delivery.door].answers_with_counts:
        return Response(202, orjson.dumps(_counts(parsed, known)))
    return Response(204)


def _counts(parsed: ParsedDelivery, known: list[list[bool]] | None) -> dict[str, Any]:
    """New elements, elements of which all was known, and the rejected. In the spool each counts as new."""
    duplicates = 0 if known is None else sum(all(element) for element in known)
    return {
        "accepted": len(parsed.elements) - duplicates,
        "duplicates": duplicates,
        "rejected": [{"index": r.index, "error": r.error} for r in parsed.rejected],
    }
