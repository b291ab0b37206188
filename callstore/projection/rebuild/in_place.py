"""The read models written again from the log alone."""

from collections.abc import Callable

from django.db import connection

from callstore.eventlog.heads import errors
from callstore.projection import linker, projector
from callstore.projection.changes import journal
from callstore.projection.rebuild.scope import Scope
from callstore.projection.words import store as words


def rebuild(scope: Scope, tick: Callable[[int], None]) -> list[str]:
    """Write ids and rows again and remove what no fact supports. A line for each trace that failed.

    Ticks twice for every trace: all ids are noted before the first call is folded, since a call may
    reach from one chunk into another.
    """
    for chunk in scope.chunks():
        before = linker.noted_pairs(chunk)  # read before the log: a pair noted meanwhile has its event there
        found = linker.pairs(chunk)
        linker.forget(before.difference(found))
        linker.note(found)
        tick(len(chunk))
    failed = []
    for chunk in scope.chunks():
        projector.project(chunk, replay=True)
        failed += [f"{failure.trace}: {failure.error}" for failure in errors.of(chunk)]
        tick(len(chunk))
    strays = scope.strays()
    with connection.cursor() as cursor:
        cursor.execute(journal.noting("DELETE FROM call WHERE call_id = ANY(%s)"), [strays])
    words.delete(strays)
    return failed
