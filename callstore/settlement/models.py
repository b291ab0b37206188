"""How far each call's verdict is settled, and what is to be told of it: the outbox of verdicts."""

from django.db import models
from django.db.models import TextField


class Settlement(models.Model):
    """A call that is over: how it is judged, since when, and whether that was told.

    `settle_at` is when somebody looks whether it is settled; null once it is, and while the call lives again.
    """

    call_id = models.UUIDField(primary_key=True)
    judged = models.JSONField()  # by the names of events.JUDGED
    judged_at = models.DateTimeField()
    settle_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # when the last event of it was written
    sequence = models.IntegerField(default=0)  # of that event

    class Meta:
        db_table = "settlement"
        indexes = [
            models.Index(fields=["settle_at"], condition=~models.Q(settle_at=None), name="settlement_due"),
            models.Index(fields=["told_at"], condition=~models.Q(told_at=None), name="settlement_told"),
        ]


class VerdictEvent(models.Model):
    """What is told of a call, the `sequence`-th of it. Nothing personal is in `data`.

    `spread_at` is when it was given to every endpoint of that time; null: not yet.
    """

    call_id = models.UUIDField()
    sequence = models.IntegerField()
    type = TextField()  # one of events.TYPES
    data = models.JSONField()
    made_at = models.DateTimeField()
    spread_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "verdict_event"
        constraints = [models.UniqueConstraint(fields=["call_id", "sequence"], name="verdict_event_of_call")]
        indexes = [models.Index(fields=["id"], condition=models.Q(spread_at=None), name="verdict_event_new")]
