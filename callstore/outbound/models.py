"""Whom events are sent to, and how far each of them is."""

from datetime import UTC, date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import TextField
from django.db.models.functions import Now

from callstore.settlement.models import Settlement, VerdictEvent


class Endpoint(models.Model):
    """An address of yours that is told of verdicts. Its secret is made of SECRET_KEY and its id."""

    url = TextField()
    types: "ArrayField[list[str], list[str]]" = ArrayField(TextField())  # of settlement.events.TYPES
    enabled = models.BooleanField(default=True)  # what comes while it is not is not sent later
    made_by = TextField()
    made_at = models.DateTimeField(db_default=Now())
    taken_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outbound_endpoint"


class Delivery(models.Model):
    """One event for one endpoint: waiting while `next_at` says when, sent at `sent_at`, or else given up."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(VerdictEvent, models.CASCADE, related_name="+")
    call_id = models.UUIDField()
    made_at = models.DateTimeField()  # from then on it is tried for a day
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = TextField(null=True)

    class Meta:
        db_table = "outbound_delivery"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="outbound_once_an_endpoint")
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "call_id", "event"],
                condition=models.Q(next_at__isnull=False),
                name="outbound_waiting",
            ),
            models.Index(
                fields=["endpoint", "next_at"],
                condition=models.Q(next_at__isnull=False),
                name="outbound_due",
            ),
            models.Index(
                fields=["id"], condition=models.Q(next_at=None, sent_at=None), name="outbound_given_up"
            ),
        ]


class NightlyFile(models.Model):
    """That the calls of a day were written out: which bytes, and how many calls."""

    day = models.DateField(primary_key=True)
    calls = models.IntegerField()
    bytes = models.BigIntegerField()
    sha256 = TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "outbound_nightly"


def first_day() -> date | None:
    """The first day that has to have a file: that of the first event (UTC); None before it."""
    first = Settlement.objects.filter(told_at__isnull=False).order_by("told_at").first()
    return first.told_at.astimezone(UTC).date() if first and first.told_at else None
