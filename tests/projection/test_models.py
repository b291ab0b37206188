"""The columns of the read model are the document's fields."""

import re

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models

from callstore.projection.models import CallRow
from callstore.projection.queries import SORTABLE
from callstore.projection.row import COLUMNS, STABLE_NAMES, TOLD
from callstore.projection.words.said import IDS
from callstore.report.document import stable_fields
from callstore.search.keys import KEYS, SOURCES
from dashboard.calls import columns as list_columns

# What a row says of itself, not of the call.
OWN = {
    "version": models.BigIntegerField,
    "review_version": models.BigIntegerField,
    **dict.fromkeys(TOLD, ArrayField),
    "ids": ArrayField,
    "facets": models.GeneratedField,
    "document": models.JSONField,
    "outline": models.TextField,
    "outline_version": models.BigIntegerField,
    "saved_at": models.DateTimeField,
    "fetch_at": models.DateTimeField,
    "ask_at": models.DateTimeField,
}
KINDS = {
    str: {models.TextField},
    int: {models.IntegerField, models.BigIntegerField},
    float: {models.FloatField},
    bool: {models.BooleanField},
    list: {ArrayField},
}
# Our id is a UUID, and the rules' version was a word once.
OF_THEIR_OWN = {"call_id": {models.UUIDField}, "rules_version": {models.TextField}}


@pytest.mark.parametrize("column", CallRow._meta.concrete_fields, ids=lambda column: column.name)
def test_a_column_is_a_stable_field_of_its_type_or_the_rows_own(column):
    if column.name in OWN:
        assert type(column) is OWN[column.name]
        return
    field = stable_fields()[STABLE_NAMES[column.name]]
    fitting = {models.DateTimeField} if field.unit == "UTC" else KINDS[field.plain]
    assert type(column) in OF_THEIR_OWN.get(field.name, fitting)
    if field.name.endswith("_position"):
        assert type(column) is models.BigIntegerField  # the log outgrows 32 bits


def test_what_is_searched_sorted_and_asked_for_is_a_stable_field_with_a_column():
    columns = {*COLUMNS, *TOLD, "call_id"}
    assert set(IDS) <= set(stable_fields())
    assert columns >= SORTABLE
    assert {order.field for column in list_columns.EVERY for order in column.orders} <= SORTABLE
    assert {column for key in KEYS.values() for column in key.columns} <= columns
    for sql in SOURCES.values():
        assert columns & set(re.findall(r"\w+", sql)), sql
