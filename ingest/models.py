"""What the doors turned away, counted. The facts themselves live in the log."""

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
