"""A view of the list that somebody keeps, and who pinned it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import TextField


class SavedView(models.Model):
    """What the list shows, under a name. An empty part is the list's own.

    `version` counts the changes. Nobody owns what every installation begins with.
    """

    slug = TextField(unique=True)
    name = TextField()
    q = TextField(default="")
    sort = TextField(default="")
    cols: "ArrayField[list[str], list[str]]" = ArrayField(TextField(), default=list)
    since = TextField(default="")  # `from` and `to` of the list, as they were written: -24h stays relative
    until = TextField(default="")
    team = models.BooleanField(default=False)  # else its owner alone sees it
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "saved_view"


class Star(models.Model):
    """That a person pinned a view: his own affair, also of a view that the team shares."""

    view = models.ForeignKey(SavedView, models.CASCADE, related_name="stars")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        db_table = "saved_view_star"
        constraints = [models.UniqueConstraint(fields=["view", "person"], name="saved_view_star_once")]
