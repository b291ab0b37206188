"""What the doors turned away, counted, and how status pages answer. The facts themselves live in the log."""

from django.db import models


class Rejection(models.Model):
    """How often a door refused, per reason and day. Nothing of the refused request is kept."""

    door = models.CharField(max_length=40)
    reason = models.CharField(max_length=80)
    day = models.DateField()
    count = models.BigIntegerField(default=0)
    first_at = models.DateTimeField(null=True)  # of that day, as is the last; unknown before they were kept
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["door", "reason", "day"], name="one_count_a_reason")]


class Feed(models.Model):
    """A status page that is asked: when it last answered well, what is wrong with it, what it listed."""

    url = models.TextField(primary_key=True)
    checked_at = models.DateTimeField()
    ok_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)  # since when it fails; null while it does not
    error = models.TextField(default="")
    note = models.TextField(default="")  # what was left out of an answer that could be read
    etag = models.TextField(default="")
    modified = models.TextField(default="")
    # {external id: [the key of its last revision, whether that says that it is over]}
    listed = models.JSONField(default=dict)
