"""What the doors turned away, counted. The facts themselves live in the log."""

from django.db import models


class Rejection(models.Model):
    """How often a door refused, per reason, likeness and day. Nothing of the refused request is kept.

    `looks_like` is one word for in what it differs from a request that would have been taken ("" unknown).
    """

    door = models.CharField(max_length=40)
    reason = models.CharField(max_length=80)
    looks_like = models.CharField(max_length=20, default="")
    day = models.DateField()
    count = models.BigIntegerField(default=0)
    first_at = models.DateTimeField(null=True)  # of that day, as is the last; unknown before they were kept
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["door", "reason", "looks_like", "day"], name="one_count_a_reason")
        ]
