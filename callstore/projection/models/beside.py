"""What stands beside the rows of calls: their words, their ids, and who was near."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import TextField

from callstore.projection.models.columns import words


class CallWords(models.Model):
    """What was said in a call, a line a passage, as `words.spelling` writes it, and its numbers and ids.

    Apart from `call`, whose rows are written at every fold: these only where the words are others. A word is
    found by its tokens and then read: Postgres' own would not find one in Japanese, which has no spaces.
    """

    call_id = models.UUIDField(primary_key=True)
    started_at = models.DateTimeField(null=True)
    caller = TextField()
    agent = TextField()
    ids = TextField()
    tokens: "ArrayField[list[int], list[int]]" = ArrayField(models.IntegerField())

    class Meta:
        db_table = "call_words"
        indexes = [
            # What waits to be entered would be read by every search, and entered all at once by some save.
            GinIndex(fields=["tokens"], name="call_words_tokens", fastupdate=False),
            models.Index(fields=["started_at"], name="call_words_start"),
        ]


class TraceRef(models.Model):
    """An id that events of a trace are about or mention. Traces that share an id are one call."""

    pk = models.CompositePrimaryKey("ref", "trace_id")
    ref = TextField()
    trace_id = models.UUIDField(db_index=True)

    class Meta:
        db_table = "trace_ref"


class Neighbour(models.Model):
    """A recent call as its neighbours see it, and what they and it together show (`projection.across`).

    Kept apart from `call`, whose rows are a pure function of one call's facts. `saved_at` is that of the row
    it was read from, and the columns to `refused` are its `Summary`.
    """

    call_id = models.UUIDField(primary_key=True)
    saved_at = models.DateTimeField()
    at = models.FloatField(db_index=True)
    verdict = TextField()
    cause = TextField(null=True)
    child_duration_s = models.IntegerField(null=True)
    slugs = words()
    accepted = models.BooleanField()
    refused: "ArrayField[list[int], list[int]]" = ArrayField(models.IntegerField(), default=list)
    findings = models.JSONField(default=list)
    incidents = models.JSONField(default=list)

    class Meta:
        db_table = "neighbour"
