"""No word in no field of no fact, at no moment, keeps a call from being told."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callstore.domain.call.fold import fold
from callstore.domain.facts.codec import event_types
from tests.builders import CHILD, Story, answered_call, rich_story
from tests.hostile.facts import event, records
from tests.hostile.told import told

ANY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


def test_a_status_that_nobody_knows_after_the_end_leaves_the_call_as_it_is():
    story = answered_call()
    before = fold(story.records).legs[CHILD]
    after = fold(story.child("hologram", "00:18:53", sequence=9).records)
    assert (after.legs[CHILD].status, after.legs[CHILD].ended) == (before.status, before.ended)
    assert after.anomalies == []
    told(story.records)


@pytest.mark.parametrize("legs_status", ["completed", "hologram"])
def test_a_leg_of_which_one_word_is_known_is_told(legs_status):
    told(Story().child(legs_status, "00:18:52", sequence=3).records)


@pytest.mark.parametrize("kind", sorted(event_types()))
@settings(ANY, max_examples=6)
@given(data=st.data())
def test_any_words_in_a_fact_of_any_kind_are_told(kind, data):
    odd = replace(data.draw(records()), event=data.draw(event(event_types()[kind])))
    told([*rich_story().records, odd], past=False)


@ANY
@given(st.lists(records(), max_size=12))
def test_any_facts_alone_are_told(odd):
    told(odd)


@ANY
@given(st.lists(records(), min_size=1, max_size=6))
def test_any_facts_in_the_midst_of_a_call_are_told(odd):
    told([*rich_story().records, *odd])
