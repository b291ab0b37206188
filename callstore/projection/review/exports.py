"""Which calls were exported: kept with `people`, and copied into the flags of their rows."""

from collections.abc import Sequence
from uuid import UUID

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from callstore.eventlog.db.locks import TransactionLock, share_in_transaction
from callstore.eventlog.db.statement import run
from callstore.people import exports
from callstore.projection import linker

SLICE = 500  # calls of a transaction: others wait no longer than for these
# No page is told: who takes a list away would make every reader of it ask again.
FLAG = (
    "UPDATE call SET flags = array_append(flags, 'exported')"
    " WHERE call_id = ANY(%b) AND NOT flags @> ARRAY['exported'] RETURNING call_id"
)


def flag_soon(export: UUID) -> bool:
    """Have a worker give the calls of an export their flag; whether there is a broker to ask."""
    try:
        current_app.send_task("projection.flag_exported", [str(export)], retry=False)
    except OperationalError:
        return False
    return True


def flag_calls_of(export: UUID) -> int:
    """Give the calls of an export their flag; how many had none. Doing it twice changes nothing."""
    calls = exports.calls_in(export)
    return sum(_flag(calls[start : start + SLICE]) for start in range(0, len(calls), SLICE))


def _flag(calls: Sequence[UUID]) -> int:
    # By those who hold all traces of a call, or a save that read before us would take the flag away again.
    groups = linker.components(calls)
    with transaction.atomic():
        share_in_transaction(TransactionLock.SAVE, (trace for group in groups for trace in group))
        return len(run(FLAG, [[min(group) for group in groups]]))
