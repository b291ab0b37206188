"""Decisions about calls: rows are added, and neither changed nor removed (a trigger refuses it)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import TextField
from django.db.models.functions import Now


def tags() -> "ArrayField[list[str], list[str]]":
    """A column for tags: text[], empty but never null."""
    return ArrayField(TextField(), default=list)


class Bulk(models.Model):
    """One act upon many calls: who asked for what, and how many calls were meant.

    The query is not kept: it may hold a number or a spoken word, which `erase` could not find here.
    """

    at = models.DateTimeField(db_default=Now())
    by = TextField()
    action = models.JSONField()
    calls = models.IntegerField()

    class Meta:
        db_table = "people_bulk"


class Decision(models.Model):
    """What somebody decided about a call: what stood before, what stands since, or a vote on its verdict.

    `trace_id` is the id that the call had then. It stays one of the call's traces, whatever joins it later.
    """

    trace_id = models.UUIDField()
    at = models.DateTimeField(db_default=Now())
    by = TextField()
    bulk = models.ForeignKey(Bulk, models.PROTECT, null=True)
    was_state = TextField()
    was_assignee = TextField(null=True)
    was_tags = tags()
    state = TextField()
    assignee = TextField(null=True)
    tags = tags()
    vote = TextField(null=True)
    verdict = TextField(null=True)  # that the vote was about

    class Meta:
        db_table = "people_decision"
        indexes = [models.Index(fields=["trace_id", "id"], name="decision_by_trace")]
