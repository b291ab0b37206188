"""The second set of read models in the place of the first: what changes by it, and the change itself."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from callstore.eventlog.db.locks import TransactionLock, again_while_locked, hold_in_transaction
from callstore.eventlog.db.statement import run
from callstore.eventlog.heads import versions
from callstore.eventlog.heads.relations import HEADS
from callstore.projection.changes import journal, settling
from callstore.projection.rebuild.fill import second_set
from callstore.projection.review.decisions import copy_since
from callstore.projection.saving import FACTS, OUTLINE
from callstore.projection.sheets import keep as sheets

SHOWN = 20  # calls named of each change
# No longer than a page may hang behind us; then whoever reads is let through, and it is tried again.
LOCK_WAIT = "2s"
# A decision is stamped when it is made and seen when it is committed.
STATEMENT = timedelta(minutes=1)

COMPARED = [name for name in FACTS if name not in ("call_id", "version", *OUTLINE)]
DIFFERENT = f"""
SELECT count(*) FILTER (WHERE old.call_id IS NULL), count(*) FILTER (WHERE new.call_id IS NULL),
  count(*) FILTER (WHERE old.version = new.version
    AND ({", ".join(f"old.{name}" for name in COMPARED)}) IS DISTINCT FROM
        ({", ".join(f"new.{name}" for name in COMPARED)})),
  count(new.call_id)
FROM public.call old FULL JOIN rebuild.call new USING (call_id)
"""
VERDICTS = f"""
SELECT old.verdict, new.verdict, count(*), (array_agg(call_id ORDER BY call_id))[:{SHOWN}]
FROM public.call old JOIN rebuild.call new USING (call_id)
WHERE old.verdict IS DISTINCT FROM new.verdict GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""


class Verdicts(NamedTuple):
    """So many calls get another verdict, and some of them by name."""

    was: str | None
    becomes: str | None
    calls: int
    named: list[UUID]


class Changes(NamedTuple):
    """What readers will see change. `other`: calls told otherwise, though we know no more of them."""

    appear: int
    vanish: int
    other: int
    calls: int
    verdicts: list[Verdicts]


def changes() -> Changes:
    """The second set compared with the first."""
    [(appear, vanish, other, calls)] = run(DIFFERENT, [])
    return Changes(appear, vanish, other, calls, [Verdicts(*row) for row in run(VERDICTS, [])])


def swap() -> None:
    """Put the second set in place of the first, in one transaction; readers see all of the one or the other.

    What it lacks, it will have in a moment: heads are set to what it holds, so the relay finds the rest.
    Raises OperationalError where somebody reads for longer than we try.
    """
    again_while_locked(_swap)
    settling.note_all()


def _swap() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_WAIT])
        # No save is under way then, and none begins: what it looked up would be of the other set.
        hold_in_transaction(TransactionLock.SAVE)
        cursor.execute("LOCK TABLE public.call, public.call_words, public.trace_ref IN ACCESS EXCLUSIVE MODE")
        cursor.execute(
            f"SELECT h.trace_id, coalesce(s.version, 0) FROM {HEADS} h"
            " LEFT JOIN rebuild.seen s USING (trace_id)"
            " WHERE h.done <> coalesce(s.version, 0) ORDER BY h.trace_id"
        )
        versions.restart(dict(cursor.fetchall()))
        _copy_what_people_decided()
        cursor.execute("SELECT rebuild.swap()")
        sheets.forget_all()
        journal.note_any()


def _copy_what_people_decided() -> None:
    """Into the second set, which was filled while people went on; nobody decides now."""
    for (began,) in run("SELECT min(began_at) FROM rebuild.run HAVING count(*) > 0", []):
        with second_set():
            copy_since(began - STATEMENT)
