"""Every field of a call's detail is in the API's documentation, with its type."""

import orjson
import pytest

from callstore.projection.cross_call import join
from dashboard.api.shapes.calls import CallDetail
from tests.dashboard.told import NAMES, told


@pytest.mark.parametrize("name", NAMES)
def test_a_call_is_told_in_fields_that_are_documented_and_as_they_are_documented(name):
    document = {**told(name), "call_id": "01a2262a-d246-7473-9f33-d637a935b3fe", "links": []}
    unknown = set(document) - {"from"} - CallDetail.model_fields.keys()
    assert unknown == set()
    read = CallDetail.model_validate({**document, **orjson.loads(join.UNDECIDED)})
    assert read.judgement.checks[0].says == document["judgement"]["checks"][0]["says"]
    assert [leg.sid for leg in read.legs] == [leg["sid"] for leg in document["legs"]]


@pytest.mark.parametrize(
    "part",
    ["flow", "gaps", "said", "replies", "warnings", "judgement", "second_words", "source_details", "turns"],
)
def test_no_part_of_a_call_is_documented_as_just_anything(part):
    schema = CallDetail.model_json_schema()
    told = schema["properties"][part]
    named = told.get("items") or told.get("additionalProperties") or told
    assert named["$ref"].startswith("#/$defs/")
