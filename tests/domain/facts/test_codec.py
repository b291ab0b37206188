"""Every kind of fact survives its stored form, and unknown ones are kept, not raised."""

import dataclasses
import json
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callstore.domain.facts.codec import decode, encode, event_types
from callstore.domain.facts.events import Event, FrameEvent, Unrecognised


def _values(cls):
    return st.builds(cls, **{f.name: st.from_type(f.type) for f in dataclasses.fields(cls)})


st.register_type_strategy(float, st.floats(0, 1e9, allow_nan=False))


@pytest.mark.parametrize("cls", event_types().values(), ids=event_types())
def test_encode_and_decode_are_inverse(cls):
    @settings(max_examples=25, deadline=None)
    @given(_values(cls))
    def inverse(event):
        type_, facts, personal = encode(event)
        assert decode(type_, json.loads(json.dumps(facts)), json.loads(json.dumps(personal))) == event

    inverse()


def test_every_event_class_has_a_wire_name():
    classes = {c for c in get_args(Event) if c is not FrameEvent} | set(get_args(FrameEvent))
    assert set(event_types().values()) == classes


@pytest.mark.parametrize("cls", event_types().values(), ids=event_types())
def test_personal_fields_never_reach_the_facts(cls):
    assert {f.name for f in dataclasses.fields(cls)} >= cls.PERSONAL
    event = cls(**{f.name: "x" for f in dataclasses.fields(cls)})
    _, facts, personal = encode(event)
    assert set(personal) == set(cls.PERSONAL) and not set(facts) & cls.PERSONAL


def test_an_erased_event_comes_back_without_its_personal_fields():
    type_, facts, _ = encode(
        event_types()["turn.transcribed"](connection="c", kind="k", item="i", final=True, text="Um")
    )
    assert decode(type_, facts, None).text is None


@pytest.mark.parametrize(("type_", "facts"), [("tea.brewed", {}), ("leg.status", {"colour": "red"})])
def test_what_this_version_cannot_read_becomes_unrecognised(type_, facts):
    assert decode(type_, facts, None) == Unrecognised(note=decode(type_, facts, None).note, hint=type_)
