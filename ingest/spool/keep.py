"""Keeping verified deliveries: in the log, or in the spool while the log cannot take them."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)

from callstore.base.seldom import LONGEST, Seldom
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import Unrecognised
from callstore.domain.facts.record import Draft
from callstore.eventlog.crypto import key_check
from callstore.eventlog.crypto.keys import WrongLogKey
from callstore.eventlog.writing.append import append
from callstore.postgres.reachable import why_away
from ingest.arrivals import repeats
from ingest.dialects import parse
from ingest.dialects.parsed import ParsedDelivery
from ingest.providers.delivery import Delivery
from ingest.providers.provider import Provider, discovered
from ingest.spool.spool import spool

log = logging.getLogger(__name__)
_seldom = Seldom()


@dataclass(frozen=True, slots=True)
class Verified:
    """A delivery whose proof was checked, and what it says."""

    delivery: Delivery
    parsed: ParsedDelivery

    @classmethod
    def of(cls, delivery: Delivery) -> "Verified":
        """The delivery, read; if our own reading of it fails, the delivery itself is the fact."""
        return cls(delivery, _read(discovered()[delivery.door], delivery))


def keep(given: Sequence[Verified]) -> list[int | None] | None:
    """Keep what the deliveries say; for each draft in turn its position as `append` gives it.

    None where they are in the spool instead, which is as safe; nobody knows yet what of them is new. Raises
    SpoolFull, and the fault that one of several met in its append; one alone goes to the spool with it.
    Raises WrongLogKey where LOG_KEY opens nothing of the log: the right one could not open a spool under it.
    """
    drafts = [draft for each in given for draft in each.parsed.drafts]
    if not drafts:
        return []
    if not spool().pending():
        try:
            return append_once_more(drafts)
        except Exception as error:
            if not is_awaited(error) and (len(given) > 1 or is_wrong_key(error)):
                raise
            _tell(error)
    put(given)
    return None


def put(given: Sequence[Verified]) -> None:
    """Keep the deliveries in the spool, those that say something.

    Raises SpoolFull, and WrongLogKey where LOG_KEY is known to open nothing of the log.
    """
    if key_check.was_refused():
        raise WrongLogKey
    spool().put([each.delivery for each in given if each.parsed.drafts])


def append_once_more(drafts: list[Draft]) -> list[int | None]:
    """Append, once more on a fresh connection: the pool may hand out one that a restart has closed."""
    _demand_database()
    try:
        return _append(drafts)
    except (OperationalError, InterfaceError):
        connection.close()
        _demand_database()
        return _append(drafts)


def append_in_order(given: Sequence[Verified]) -> None:
    """Append what these say, all or nothing, and of each subject in the order in which they are given.

    One append gives positions in the order of its rows' keys; so what is said twice of a subject is two.
    """
    rounds = _rounds(given)
    try:
        _append_rounds(rounds)
    except (OperationalError, InterfaceError):
        connection.close()
        _append_rounds(rounds)


def _append_rounds(rounds: list[list[Draft]]) -> None:
    _demand_database()
    if len(rounds) == 1:
        _append(rounds[0])
        return
    with transaction.atomic():
        for drafts in rounds:
            _append(drafts)


def _append(drafts: list[Draft]) -> list[int | None]:
    positions = append(drafts)
    if None in positions:
        repeats.appended(drafts, positions)
    return positions


def _rounds(given: Sequence[Verified]) -> list[list[Draft]]:
    """The drafts in turn, a new list where the next delivery speaks of a subject of this list again."""
    rounds: list[list[Draft]] = [[]]
    met: set[str] = set()
    for each in given:
        subjects = {draft.subject for draft in each.parsed.drafts}
        if met & subjects:
            rounds.append([])
            met = set()
        rounds[-1] += each.parsed.drafts
        met |= subjects
    return rounds


def is_awaited(error: Exception) -> bool:
    """Whether the same append will go well one day by itself: it is the database that is at fault.

    Postgres that is away, starts, is full, only reads, or lacks a migration; a statement that took too long.
    """
    if isinstance(error, DataError | IntegrityError):
        return False
    return isinstance(error, DatabaseError | InterfaceError)


def is_wrong_key(error: Exception) -> bool:
    """Whether LOG_KEY opens nothing of the log; a single call under another key is no such thing."""
    return isinstance(error, WrongLogKey) and key_check.fault() is not None


def _demand_database() -> None:
    """Raise OperationalError where this thread has no connection and none can be had at once.

    The pool would wait for one, and whoever stands at a door with it.
    """
    if connection.connection is None and (said := why_away()):
        raise OperationalError(said)


def _tell(error: Exception) -> None:
    if not is_awaited(error):
        log.error("a delivery met a fault of ours and goes to the spool", exc_info=error)
    elif times := _seldom.due("away"):
        said = str(error)[:LONGEST]
        log.error("the database is away, deliveries go to the spool (%d times): %s", times, said)


def _read(provider: Provider[Any], delivery: Delivery) -> ParsedDelivery:
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
