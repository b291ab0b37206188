"""Alerts, what they found, and the messages of it. People make alerts: no rebuild touches these tables."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import TextField
from django.db.models.functions import Now


class Alert(models.Model):
    """What is asked every minute, and when somebody is told. `version` counts the changes of its terms."""

    name = TextField()
    q = TextField(default="")
    source = TextField(default="")  # of silence: whose; "" is any
    kind = TextField()  # one of terms.KINDS
    threshold = models.FloatField()  # calls; a share between 0 and 1; silent sources
    least = models.IntegerField()  # calls in the window, below which a share says nothing
    window_s = models.IntegerField()
    quiet_s = models.IntegerField()  # from telling of it to telling of it again
    targets: "ArrayField[list[str], list[str]]" = ArrayField(TextField(), default=list)
    enabled = models.BooleanField(default=True)
    made_by = TextField()
    version = models.IntegerField(default=1)

    checked_at = models.DateTimeField(null=True)
    value = models.FloatField(null=True)  # as it was last measured; null where it says nothing
    problem = TextField(null=True)  # why it could not be measured
    told_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "alert"


class Firing(models.Model):
    """That an alert's answer passed its threshold: since when, with which numbers, until when."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="firings")
    at = models.DateTimeField()
    value = models.FloatField()
    found = models.IntegerField()
    calls = models.IntegerField(null=True)  # in the window, found or not; null where they were not asked for
    told_at = models.DateTimeField(null=True)  # null: within the quiet time of an earlier one
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "alert_firing"
        constraints = [
            models.UniqueConstraint(
                fields=["alert"], condition=models.Q(resolved_at=None), name="alert_fires_once_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["alert", "-at"], name="alert_firing_by_time")]


class Message(models.Model):
    """What one target is told. It outlives its alert: who was told of a beginning hears of the end.

    `key` is the same for the beginning and the end of one firing.
    """

    alert = models.ForeignKey(Alert, models.SET_NULL, null=True, related_name="messages")
    kind = TextField()  # fired, resolved or test
    key = TextField()
    target = TextField()
    subject = TextField()
    body = TextField()
    facts = models.JSONField()
    made_at = models.DateTimeField(db_default=Now())
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True, db_default=Now())  # null: sent, or given up
    sent_at = models.DateTimeField(null=True)
    error = TextField(null=True)

    class Meta:
        db_table = "alert_message"
        indexes = [
            models.Index(
                fields=["next_at"], condition=models.Q(next_at__isnull=False), name="alert_messages_due"
            ),
            models.Index(fields=["alert", "-id"], name="alert_messages_by_alert"),
        ]
