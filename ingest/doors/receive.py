"""The doorway: verify, normalise, keep, answer. Nothing is folded here."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from callstore.base.asgi import RETRY_AFTER
from callstore.base.seldom import Seldom
from callstore.domain.facts import ids
from callstore.eventlog.crypto.keys import WrongLogKey
from ingest.dialects.parsed import ParsedDelivery
from ingest.doors import noting, rejections
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
    noting.flush()
    return answer


def receive_all(deliveries: Sequence[Delivery]) -> list[Response]:
    """Takes deliveries in, the facts of all by one append; an answer to each. Never raises.

    What the log cannot take now goes to the spool. What is refused is noted; somebody has to flush it.
    """
    return keep_all(read_all(deliveries))


def read_all(deliveries: Sequence[Delivery]) -> list[Verified | Response]:
    """What each says, or the answer to one that is not believed. Asks no database and never raises."""
    return [_read(delivery) for delivery in deliveries]


def keep_all(read: Sequence[Verified | Response], kept_by: Keep = keep) -> list[Response]:
    """Keeps what was read, the facts of all by one append; an answer to each. Never raises."""
    answers = iter(_kept([each for each in read if isinstance(each, Verified)], kept_by))
    return [next(answers) if isinstance(each, Verified) else each for each in read]


def spool_all(read: Sequence[Verified | Response]) -> list[Response]:
    """As `keep_all` does, but asks no database: all go to the spool."""
    return keep_all(read, put)


def _read(delivery: Delivery) -> Verified | Response:
    try:
        discovered()[delivery.door].verify(delivery)
        return Verified.of(delivery)
    except Refused as refusal:
        rejections.note(delivery.door, refusal, delivery.received_at)
        return Response(403)
    except Exception:
        return _fault_of_ours(delivery)


def _kept(verified: list[Verified], kept_by: Keep) -> list[Response]:
    try:
        positions = kept_by(verified)
    except SpoolFull as full:
        if times := _seldom.due(str(full)):
            log.critical("deliveries are sent back (%d times): %s", times, full)
        return [AWAY if each.parsed.drafts else _answer(each, None) for each in verified]
    except Exception as error:
        if len(verified) > 1:  # the fault of one is not its neighbours'
            return [answer for each in verified for answer in _kept([each], kept_by)]
        if isinstance(error, WrongLogKey):
            if times := _seldom.due("log key"):
                log.critical("%d deliveries were sent back: %s", times, error)
            return [AWAY]
        return [_fault_of_ours(verified[0].delivery)]
    _tell(verified, positions)
    ahead = None if positions is None else iter(positions)
    return [_answer(each, ahead) for each in verified]


def _tell(verified: Sequence[Verified], positions: Positions) -> None:
    """A line for each delivery that was kept, with what finds its events, where somebody asked for it."""
    if not log.isEnabledFor(logging.INFO):
        return
    ahead = None if positions is None else iter(positions)
    for each in verified:
        new = [] if ahead is None else [next(ahead) for _ in each.parsed.drafts]
        subjects = {draft.subject for draft in each.parsed.drafts if ids.is_of_a_call(draft.subject)}
        extra = {
            "door": each.delivery.door,
            "subjects": sorted(subjects),
            "positions": [position for position in new if position is not None],
            "spooled": positions is None,
        }
        log.info("%d events taken at %s", len(each.parsed.drafts), each.delivery.door, extra=extra)


def _fault_of_ours(delivery: Delivery) -> Response:
    log.exception("a delivery at %s met a fault of ours", delivery.door, extra={"door": delivery.door})
    return Response(500)


def _answer(verified: Verified, ahead: Iterator[int | None] | None) -> Response:
    parsed = verified.parsed
    known = None if ahead is None else [[next(ahead) is None for _ in element] for element in parsed.elements]
    if fault := parsed.fault:
        return Response(fault.status, orjson.dumps({"error": fault.error}))
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
