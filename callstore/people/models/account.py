"""What a login is beside Django's user: its role, and who it is elsewhere."""

from django.conf import settings
from django.db import models
from django.db.models import TextField
from django.db.models.functions import Now


class Membership(models.Model):
    """The role of a person. Who has none is an admin if Django's superuser or staff, else a viewer."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="membership"
    )
    role = TextField()

    class Meta:
        db_table = "people_membership"


class Identity(models.Model):
    """Who a person is for an OpenID Connect provider: the pair of issuer and subject, which never changes."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="identities")
    issuer = TextField()
    subject = TextField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "people_identity"
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="people_identity_once")]
