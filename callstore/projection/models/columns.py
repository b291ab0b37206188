"""Columns that several tables have."""

from django.contrib.postgres.fields import ArrayField
from django.db.models import TextField


def words() -> "ArrayField[list[str], list[str]]":
    """A column for a set of short words: text[], empty but never null."""
    return ArrayField(TextField(), default=list)
