"""What the doors turned away, counted, and who watches which session. The facts themselves are in the log."""

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


class Watch(models.Model):
    """A session that was offered, and who watches it: `holder`, until its lease ends (`until`).

    `watched_at` is the last moment of which it is known that somebody watched, and `connection` on which of
    his sockets; nobody holds what was given back. Kept for some hours after it is over.
    """

    subject = models.CharField(max_length=200, primary_key=True)
    child = models.CharField(max_length=100, null=True)  # the legs that the offer names, as call SIDs
    parent = models.CharField(max_length=100, null=True)
    offered_at = models.DateTimeField()
    holder = models.UUIDField(null=True)
    until = models.DateTimeField()
    watched_at = models.DateTimeField(null=True)
    connection = models.CharField(max_length=100, null=True)
    over = models.BooleanField(default=False)

    class Meta:
        # Of what a renewal changes nothing is indexed, so that it stays on its page.
        indexes = [models.Index(fields=["subject"], name="watches", condition=models.Q(over=False))]
