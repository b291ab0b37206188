"""Exports as they are kept and asked for."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from callstore.people.models import Export, ExportedCall

ENTER = "INSERT INTO people_exported_call (export_id, trace_id) SELECT %s::uuid, unnest(%s::uuid[])"


def begin(id: UUID, by: str, format: str) -> None:
    """Enter that somebody takes a file away, before its first row is read."""
    Export.objects.create(id=id, by=by, format=format)


def enter(export: UUID, calls: Sequence[str]) -> None:
    """Enter that these calls, by their ids, are in a file that was begun."""
    with connection.cursor() as cursor:
        cursor.execute(ENTER, [export, list(calls)])


def calls_in(export: UUID) -> list[UUID]:
    """The calls of a file, each by the id that it had then."""
    return list(
        ExportedCall.objects.filter(export_id=export).order_by("id").values_list("trace_id", flat=True)
    )


def exported(traces: Collection[UUID]) -> set[UUID]:
    """Which of these traces stood for a call that somebody exported."""
    return set(ExportedCall.objects.filter(trace_id__in=list(traces)).values_list("trace_id", flat=True))


def traces_since(moment: datetime) -> list[UUID]:
    """The traces of calls that were exported since then."""
    found = ExportedCall.objects.filter(at__gte=moment).order_by().values_list("trace_id", flat=True)
    return list(found.distinct())
