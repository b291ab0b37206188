"""Exports: who took which calls away in a file. Rows are added, and neither changed nor removed."""

from uuid import uuid4

from django.db import models
from django.db.models import TextField
from django.db.models.functions import Now


class Export(models.Model):
    """One file, by the id that stands in each of its rows (`export_id`): who had it, when, in which format.

    Its query is not kept, for the reason of a Bulk's.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    at = models.DateTimeField(db_default=Now())
    by = TextField()
    format = TextField()

    class Meta:
        db_table = "people_export"


class ExportedCall(models.Model):
    """That a call was in a file. `trace_id` is the id that the call had then, as a Decision's."""

    export = models.ForeignKey(Export, models.PROTECT)
    trace_id = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "people_exported_call"
        indexes = [
            models.Index(fields=["trace_id"], name="exported_by_trace"),
            models.Index(fields=["at"], name="exported_by_time"),
        ]
