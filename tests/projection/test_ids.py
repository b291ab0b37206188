"""The ids of a call as a column: of rows that were there before it, the same as of those that are folded."""

from pathlib import Path

import pytest

from callstore.projection import models
from tests.dashboard.documents import put_call
from tests.dashboard.told import told
from tests.projection.facts import sql

FILL = Path(models.__file__).parents[1] / "sql" / "0004_ids.fill.sql"


@pytest.mark.django_db(transaction=True)
def test_rows_of_before_get_the_ids_that_a_fold_gives_them():
    put_call(**told("founding_call"))
    put_call(turns=[{"text": 'she said "CA' + "1" * 32 + '"\0', "é": None}])
    folded = sql("SELECT call_id, ids FROM call ORDER BY 1")
    assert {kind[:2] for _, ids in folded for kind in ids} >= {"CA", "RE", "rt", "se"}
    sql("UPDATE call SET ids = '{}'")
    sql(FILL.read_text())
    assert sql("SELECT call_id, ids FROM call ORDER BY 1") == folded


@pytest.mark.django_db
def test_an_id_of_any_length_that_a_sender_makes_up_can_be_indexed():
    put_call(ai_call_id="rtc_" + "a" * 200, session={"id": "sess_" + "b" * 5_000})
    assert [len(id_) for id_ in sql("SELECT ids FROM call")[0][0] if "_" in id_] == [204]
