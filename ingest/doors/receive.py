"""The doorway: verify, normalise, append, answer. Nothing is folded here."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import InterfaceError, OperationalError, connection

from callstore.base.asgi import RETRY_AFTER
from callstore.base.seldom import Seldom
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import Unrecognised
from callstore.domain.facts.record import Draft
from callstore.eventlog.crypto.keys import WrongLogKey
from callstore.eventlog.writing.append import append
from ingest.dialects import parse
from ingest.dialects.parsed import ParsedDelivery
from ingest.doors import rejections
from ingest.providers.delivery import Delivery
from ingest.providers.provider import Provider, Refused, discovered

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Response:
    """What the sender is told; `headers` besides the content type."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


_seldom = Seldom()
AWAY = Response(503, headers=(RETRY_AFTER,))


def receive(delivery: Delivery) -> Response:
    """Takes one delivery in. The answer is given when its facts are committed, or were already there."""
    [answer] = receive_all([delivery])
    rejections.flush()
    return answer


def receive_all(deliveries: Sequence[Delivery]) -> list[Response]:
    """Takes deliveries in, the facts of all by one append; an answer to each. Never raises.

    What is refused is noted; somebody has to flush it.
    """
    try:
        return _receive(deliveries)
    except Exception as error:
        if len(deliveries) > 1:  # the fault of one is not its neighbours'
            return [receive(delivery) for delivery in deliveries]
        if isinstance(error, WrongLogKey):
            if times := _seldom.due("log key"):
                log.critical("%d deliveries were sent back: %s", times, error)
            return [AWAY]
        log.exception("a delivery at %s met a fault of ours", deliveries[0].door)
        return [Response(500)]


def _receive(deliveries: Sequence[Delivery]) -> list[Response]:
    taken: list[ParsedDelivery | Refused] = [_proved(delivery) for delivery in deliveries]
    drafts = [draft for each in taken if isinstance(each, ParsedDelivery) for draft in each.drafts]
    try:
        positions = iter(_append(drafts))
    except (OperationalError, InterfaceError) as error:
        log.error("the database is away, %d deliveries were sent back: %s", len(taken), error)
        return [AWAY if isinstance(each, ParsedDelivery) else Response(403) for each in taken]
    answers = []
    for delivery, each in zip(deliveries, taken, strict=True):
        if isinstance(each, ParsedDelivery):
            answers.append(_answer(delivery, each, [next(positions) for _ in each.drafts]))
        else:
            rejections.note(delivery.door, each, delivery.received_at)
            answers.append(Response(403))
    return answers


def _proved(delivery: Delivery) -> ParsedDelivery | Refused:
    """The facts, or why it is not believed."""
    provider = discovered()[delivery.door]
    try:
        provider.verify(delivery)
    except Refused as refusal:
        return refusal
    return _read(provider, delivery)


def _answer(delivery: Delivery, parsed: ParsedDelivery, positions: list[int | None]) -> Response:
    if fault := parsed.fault:
        return Response(fault.status, orjson.dumps({"error": fault.error}), fault.headers)
    if discovered()[delivery.door].answers_with_counts:
        return Response(202, orjson.dumps(_counts(parsed, positions)))
    return Response(204)


def _read(provider: Provider[Any], delivery: Delivery) -> ParsedDelivery:
    """The facts; if our own reading of a verified delivery fails, the delivery itself is the fact."""
    try:
        return provider.read(delivery)
    except Exception as error:
        log.exception("a verified delivery at %s could not be read", delivery.door)
        return ParsedDelivery(((_unread(delivery, error),),))


def _unread(delivery: Delivery, error: Exception) -> Draft:
    return Draft(
        source=delivery.door,
        subject=parse.named(delivery.door, "unread"),
        key="unread",
        fingerprint=delivery.body,
        event=Unrecognised(note="our reading of it failed", hint=type(error).__name__),
        occurred=Instant(delivery.received_at, Clock.RECEIVER),
        received_at=delivery.received_at,
        raw=delivery.body,
    )


def _append(drafts: list[Draft]) -> list[int | None]:
    """Appends, once more on a fresh connection: the pool may hand out one that a restart has closed.

    Twilio does not repeat a callback that was answered with 503, and an append can be repeated freely.
    """
    if not drafts:
        return []
    try:
        return append(drafts)
    except (OperationalError, InterfaceError):
        connection.close()
        return append(drafts)


def _counts(parsed: ParsedDelivery, positions: list[int | None]) -> dict[str, Any]:
    """New elements, elements of which all was known, and the rejected."""
    ahead = iter(positions)
    new = [any([next(ahead) is not None for _ in element]) for element in parsed.elements]
    return {
        "accepted": sum(new),
        "duplicates": len(new) - sum(new),
        "rejected": [{"index": r.index, "error": r.error} for r in parsed.rejected],
    }
