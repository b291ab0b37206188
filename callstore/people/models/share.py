"""A share: a link by which somebody without a login may read one call's redacted report for a while."""

from uuid import uuid4

from django.db import models
from django.db.models import TextField
from django.db.models.functions import Now


class Share(models.Model):
    """Of the link's token only its SHA-256 is kept: who reads this table can open no share.

    `trace_id` is the id that the call had then. It stays one of the call's traces, whatever joins it later.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    digest = models.BinaryField(unique=True)
    trace_id = models.UUIDField(db_index=True)
    by = TextField()
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = TextField(null=True)
    audio = models.BooleanField(default=False)
    views = models.IntegerField(default=0)
    viewed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_share"
