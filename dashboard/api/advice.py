"""Advice for the application's <Dial action> handler: folded from the log on the spot, and never late."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction

from callstore.advice.advice import Advice, advise
from callstore.advice.dial_action import DialReport
from callstore.domain.facts.clock import iso
from callstore.domain.facts.ids import CALL_SID
from callstore.domain.facts.record import Record
from callstore.projection import queries

log = logging.getLogger(__name__)

# A caller waits in silence for the TwiML: six times what the answer should take, and still no pause.
DEADLINE_S = 0.3
# Threads of their own, so that a database that hangs holds up no answer; more than a web process has.
_readers = ThreadPoolExecutor(max_workers=16, thread_name_prefix="advice")


def answer(asked: str, told: DialReport) -> dict[str, Any] | None:
    """The advice as the API gives it; None for an id that is no call SID and of no call.

    A SID that the log has not met is none of the asker's fault: callbacks race. What was told with the
    question may still decide, and does so too where the log cannot be read: whatever fails, a caller waits.
    """
    now, why = time.time(), "Nothing is known of this call."
    try:
        if records := _records(asked):
            return _as_json(advise(records, asked, told, now, settings.FINISH_TOOLS), now)
        if not CALL_SID.fullmatch(asked):
            return None
    except Exception as error:
        expected = isinstance(error, Late | DatabaseError | InterfaceError)
        log.warning("Advice without the log: %s", type(error).__name__, exc_info=not expected)
        why = "The log could not be read in time."
    blind = advise([], asked, told, now)
    return _as_json(blind._replace(reason=why) if blind.advice == "unknown" else blind, now)


def _records(asked: str) -> list[Record]:
    future = _readers.submit(_read, asked)
    try:
        return future.result(timeout=DEADLINE_S)
    finally:
        future.cancel()


def _read(asked: str) -> list[Record]:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(int(DEADLINE_S * 1000))])
            return queries.gist(asked)
    finally:
        connection.close()


def _as_json(advice: Advice, now: float) -> dict[str, Any]:
    return {
        "advice": advice.advice,
        "reason": advice.reason,
        "confidence": advice.confidence,
        "because": list(advice.because),
        "as_of": iso(now),
    }
