"""Who did what that others may ask about later: rows are added, and neither changed nor removed."""

from django.db import models
from django.db.models import TextField
from django.db.models.functions import Now


class Audit(models.Model):
    """One act: who, from where, of which call if of one, and what tells more of it.

    `call_id` is the id that the call had then. `what` holds no word and no number of a caller: `erase` could
    not find it here.
    """

    at = models.DateTimeField(db_default=Now())
    by = TextField()
    address = TextField(default="")  # empty where the act came by no request
    action = TextField()
    call_id = models.UUIDField(null=True)
    what = models.JSONField(default=dict)

    class Meta:
        db_table = "people_audit"
        indexes = [
            models.Index(fields=["by", "id"], name="audit_by_actor"),
            models.Index(fields=["action", "id"], name="audit_by_action"),
            models.Index(fields=["call_id", "id"], name="audit_by_call"),
        ]
