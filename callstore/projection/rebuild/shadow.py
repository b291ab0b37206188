"""The second set of read models: begun or gone on with, filled by several processes, caught up."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from callstore.eventlog.db import locks
from callstore.eventlog.db.statement import run, run_each
from callstore.eventlog.heads.relations import HEADS, PIECES
from callstore.projection import projector
from callstore.projection.models import CallRow, CallWords
from callstore.projection.packed import written
from callstore.projection.rebuild import fill
from callstore.projection.rebuild.fill import Chunk
from callstore.projection.rebuild.fold_code import fold_code
from callstore.projection.rebuild.workers import Spread, pool

CHUNK = 20_000  # events: a second's work, and some 100 MB while it is being done
CLOSE = 50  # traces behind: fewer than live traffic touches while they are folded
BATCH = 20
MODELS = ("call", "call_words")  # that are folded; `trace_ref` is noted before
ROUNDS = 20  # of catching up; where more is appended than can be folded, swapping leaves it to the workers

ShowProgress = Callable[[str, int, int], None]  # stage, events done, of how many


class ShadowLedger:
    """The ledger of the second set, rebuild.seen; and what could not be folded, with its error."""

    def __init__(self) -> None:
        self.failed: dict[UUID, str] = {}

    def begin(self, traces: object) -> None:
        """Nothing is leased here."""

    def release(self, traces: object) -> None:
        """They are still behind, and found again."""

    def finish(self, versions: Mapping[UUID, int]) -> None:
        run_each(
            "INSERT INTO rebuild.seen AS s VALUES (%s, %s) ON CONFLICT (trace_id)"
            " DO UPDATE SET version = greatest(s.version, excluded.version)",
            sorted(versions.items()),
        )

    def fail(self, trace: UUID, error: str) -> None:
        self.failed[trace] = error


class Busy(Exception):
    """Another rebuild is under way."""


@contextmanager
def alone() -> Iterator[None]:
    """Hold the second set for ourselves. Raises Busy."""
    with locks.alone(locks.Lock.REBUILD) as ours:
        if not ours:
            raise Busy("another rebuild is under way")
        yield


def prepare(shown: ShowProgress, processes: int) -> dict[UUID, str]:
    """Fill the second set, or go on where a rebuild by the same code and tools was broken off, and catch up.

    Returns what could not be folded, with its error. Raises BrokenProcessPool if a process was killed, and
    django.db.DatabaseError; what was done stays done.
    """
    code = " ".join([fold_code(), *sorted(settings.FINISH_TOOLS.names)])
    if run("SELECT code FROM rebuild.run", []) != [(code,)]:
        _begin(code)
    [(chunks,)] = run("SELECT count(*) FROM rebuild.chunk", [])
    with pool(min(processes, chunks)) as spread:
        _each("ids", fill.note, "noted", spread, shown)
        run("SELECT rebuild.index('trace_ref')", [])
        _each("calls", fill.fill, "folded", spread, shown)
        for model in MODELS:
            run("SELECT rebuild.index(%b)", [model])
    failed = catch_up(shown)
    _keep_what_was_known(failed)
    return failed


def catch_up(shown: ShowProgress) -> dict[UUID, str]:
    """Fold into the second set what was appended since, until next to nothing is missing."""
    ledger = ShadowLedger()
    for _ in range(ROUNDS):
        behind = [trace for trace in _behind() if trace not in ledger.failed]
        for start in range(0, len(behind), BATCH):
            shown("latest", start, len(behind))
            with fill.second_set():
                projector.project(behind[start : start + BATCH], replay=True, ledger=ledger)
            shown("latest", min(start + BATCH, len(behind)), len(behind))
        if len(behind) <= CLOSE:
            break
    return ledger.failed


def _keep_what_was_known(failed: Collection[UUID]) -> None:
    # As for a live call: its page tells the last that could be folded.
    with connection.cursor() as cursor:
        for model in (CallRow, CallWords):
            table, columns = model._meta.db_table, ", ".join(written(model))
            cursor.execute(
                f"INSERT INTO rebuild.{table} ({columns}) SELECT {columns} FROM public.{table}"
                " WHERE call_id = ANY(%s) ON CONFLICT DO NOTHING",
                [list(failed)],
            )


def _begin(code: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT rebuild.begin(%s)", [code])
        cursor.execute(
            "INSERT INTO rebuild.chunk (bucket, first, last, events)"
            f" SELECT bucket, first, last, events FROM {PIECES} AS piece",
            [CHUNK],
        )


def _each(stage: str, work: Callable[[Chunk], int], flag: str, spread: Spread, shown: ShowProgress) -> None:
    rows = run(f"SELECT bucket, first, last, events, {flag} FROM rebuild.chunk ORDER BY bucket, first", [])
    total = sum(row[3] for row in rows)
    todo = [Chunk(*row[:4]) for row in rows if not row[4]]
    done = total - sum(chunk.events for chunk in todo)
    shown(stage, done, total)
    for events in spread(work, todo):
        done += events
        shown(stage, done, total)


def _behind() -> list[UUID]:
    rows = run(
        f"SELECT h.trace_id FROM {HEADS} h LEFT JOIN rebuild.seen s USING (trace_id)"
        " WHERE h.version > coalesce(s.version, 0) ORDER BY h.trace_id",
        [],
    )
    return [trace for (trace,) in rows]
