"""A bearer token that somebody made: what is kept of it cannot be sent."""

from django.db import models
from django.db.models import TextField
from django.db.models.functions import Now


class Token(models.Model):
    """A token by its SHA-256. `prefix` is its beginning, by which people tell it from others.

    A revoked one stays, for the audit names it.
    """

    name = TextField()
    scope = TextField()
    digest = TextField(unique=True)
    prefix = TextField()
    made_by = TextField()
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_token"
