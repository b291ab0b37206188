"""An element that cannot be read or kept harms itself alone, the application's and Event Streams' alike."""

import json
import time

import pytest

from callstore.domain.facts.events import LegStatus, Unrecognised
from ingest.dialects.json_batch import DEEPEST, elements
from ingest.providers.provider import discovered
from tests.ingest import deliveries as given

TOO_DEEP = f"nested too deeply: more than {DEEPEST} levels"
NAN = "not valid JSON: NaN and Infinity are no numbers of it"


def nested(levels):
    return '{"a":' * levels + "1" + "}" * levels


def spoilt(element, value):
    """The element with this text of JSON as its data."""
    return json.dumps(element | {"data": "HERE"}).replace('"HERE"', value)


# What stands in one element, and what its sender is told.
BAD = {
    "250 levels": (nested(260), TOO_DEEP),
    "more than anybody reads": (nested(5_000), TOO_DEEP),
    "arrays without an end in sight": ("[" * 100_000 + "]" * 100_000, TOO_DEEP),
    "NaN": ('{"x": NaN}', NAN),
    "infinity": ('{"x": [-Infinity]}', NAN),
    "a number beyond all": ('{"x": 1e999}', "not valid JSON"),
    "half a character": (r'{"x": "\ud800"}', "not valid JSON"),
    "a stray comma": ('{"x": [1,]}', "not valid JSON"),
    "NaN in a text and a broken number": (r'{"x": "\" NaN", "y": 01}', "not valid JSON"),
}
WRITTEN = {
    "array": lambda parts: f"[{','.join(parts)}]",
    "pretty array": lambda parts: "\n[\n  " + ",\n  ".join(parts) + "\n]\n",
    "lines": "\n".join,
}


def read_app(body):
    return discovered()["app"].read(given.delivery("app", "/hooks/app/", body))


@pytest.mark.parametrize("write", WRITTEN)
@pytest.mark.parametrize("bad", BAD)
def test_a_bad_event_of_the_application_is_rejected_by_its_place_alone(bad, write):
    value, error = BAD[bad]
    first, second, third = given.event(data={"text": '[}, " NaN'}), given.event(), given.event()
    reading = read_app(WRITTEN[write]([json.dumps(first), spoilt(second, value), json.dumps(third)]))
    assert [draft.key.rpartition(":")[2] for draft in reading.drafts] == [first["id"], third["id"]]
    assert [(r.index, r.error) for r in reading.rejected] == [(1, error)]


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_element_of_a_stream_is_kept_unread_and_its_neighbours_are_read(bad):
    value, error = BAD[bad]
    element = given.status_event(given.progress())
    parts = [json.dumps(element), spoilt(element, value), json.dumps(element)]
    drafts = given.facts(given.delivery("twilio", "/hooks/twilio/events", f"[{', '.join(parts)}]"))
    assert [type(draft.event) for draft in drafts] == [LegStatus, Unrecognised, LegStatus]
    assert (drafts[1].event.note, drafts[1].raw.decode()) == (error, parts[1])


@pytest.mark.parametrize(("value", "error"), [BAD["NaN"], BAD["250 levels"]])
@pytest.mark.parametrize("write", ["{}", "[{}]"])
def test_a_body_of_which_nothing_can_be_read_is_kept_whole_and_its_sender_is_told_why(write, value, error):
    body = write.replace("{}", spoilt(given.event(), value))
    reading = read_app(body)
    [draft] = reading.drafts
    assert (type(draft.event), draft.raw.decode()) == (Unrecognised, body)
    assert [(r.index, r.error) for r in reading.rejected] == [(0, error)]


@pytest.mark.parametrize("body", ["no JSON", "[1", '[{"a": "x}, 1]', "[] []", "{", '"'])
def test_a_body_that_is_no_json_at_all_is_kept_whole(body):
    reading = read_app(body)
    assert [draft.raw.decode() for draft in reading.drafts] == [body]
    assert reading.rejected == ()


@pytest.mark.parametrize("depth", [260, 900])
def test_parameters_nested_in_the_text_of_an_element_harm_it_alone(depth):
    element = given.status_event(given.progress())
    deep = element | {"data": '{"request": {"parameters": {"CallSid": ' + "[" * depth + "]" * depth + "}}}"}
    kinds = [type(draft.event) for draft in given.facts(given.stream(element, deep, element))]
    assert kinds == [LegStatus, Unrecognised, LegStatus]


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 2**21,
        b"[" + b'"\\"' * 2**20,
        b"[" + b"{}," * 2**18 + b"NaN]",
        b'"\\' * 2**20,
        b"[" + b"NaN," * 2**18 + b"1]",
    ],
    ids=["brackets", "escaped quotes", "many elements", "broken quotes", "many NaN"],
)
def test_no_body_of_the_largest_size_takes_long_to_cut(body):
    began = time.process_time()
    elements(body)
    assert time.process_time() - began < 5
