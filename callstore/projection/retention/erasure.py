"""An erased call in the read models: folded again without its words, wherever a copy of its row may lie."""

from collections.abc import Collection
from uuid import UUID

from django.db import DatabaseError, connection
from psycopg.errors import InsufficientPrivilege

from callstore.eventlog.crypto import keyring
from callstore.eventlog.heads import errors, versions
from callstore.projection import linker, projector
from callstore.projection.changes import journal

# A rebuild that was interrupted leaves its copies; one that goes on folds again what it finds to have grown.
COPIES = ("call", "call_words", "rebuild.call", "rebuild.call_words")
# What is told of it beside others; looked at again, it is told from what stays.
BESIDE = "neighbour"
# Not VACUUM FULL, which passes over a table that is not ours with no more than a warning.
SCRUB = (
    "CLUSTER call USING call_pkey",
    "CLUSTER call_words USING call_words_pkey",  # its index anew, too: one of words keeps each for ever
    "CLUSTER neighbour USING neighbour_pkey",
)
END_JOURNAL = ("CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT")
# What whoever owns the tables may not do by that alone, and what lets it.
ALLOWED_BY = {
    "CHECKPOINT": "GRANT pg_checkpoint TO {};",
    "SELECT pg_switch_wal()": "GRANT EXECUTE ON FUNCTION pg_switch_wal() TO {};",
}


def component(id_: str) -> list[UUID]:
    """All traces of the call that an id belongs to, as the log knows them now. [] if none."""
    seeds = linker.component_of_id(id_)
    projector.gather(seeds, replay=True)  # notes the ids of what has come since
    return sorted(set().union(*linker.components(seeds)))


def redact(traces: Collection[UUID]) -> list[str]:
    """Save what the log still tells of a call whose keys are destroyed. A line for each trace that failed.

    A call that cannot be folded has no row any more, and is projected again when it can.
    """
    wanted = {trace: head.version for trace, head in versions.read(traces).items()}
    projector.project(wanted, replay=True)
    done = {trace: head.done for trace, head in versions.read(traces).items()}
    failed = [f"{failure.trace}: {failure.error}" for failure in errors.of(traces)]
    failed = failed or [f"{t}: it grew too fast" for t, version in wanted.items() if done[t] < version]
    linker.forget(linker.outdated(traces))
    for table in (*COPIES[0 if failed else 2 :], BESIDE):
        _delete(table, traces)
    return failed


def _delete(table: str, traces: Collection[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        if cursor.fetchone()[0]:
            remove = f"DELETE FROM {table} WHERE call_id = ANY(%s)"
            cursor.execute(journal.noting(remove) if table == "call" else remove, [list(traces)])


def scrub() -> list[str]:
    """Write the files of read models and keys anew without rows that were replaced, and end the journal.

    Readers and writers wait meanwhile. Needs the tables' owner. The grants that it lacks for ending the
    journal: until Postgres does so by itself, what was replaced can be read in it. Raises
    django.db.DatabaseError.
    """
    lacking: dict[str, None] = {}
    with connection.cursor() as cursor:
        for statement in SCRUB:
            cursor.execute(statement)
        keyring.scrub()
        cursor.execute("SELECT quote_ident(current_user)")
        [(owner,)] = cursor.fetchall()
        for statement in END_JOURNAL:
            try:
                cursor.execute(statement)
            except DatabaseError as error:
                if not isinstance(error.__cause__, InsufficientPrivilege):
                    raise
                lacking[ALLOWED_BY[statement].format(owner)] = None
    return list(lacking)
