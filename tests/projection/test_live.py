"""A call read from the log while the projection is behind."""

import pytest

from callstore.projection import projector
from callstore.projection.on_request import live
from tests.projection.facts import call_ids, keep, offered, rtc, said, sid, status

pytestmark = pytest.mark.django_db


def types(id_):
    return sorted(record.event.TYPE for record in live.records(id_))


def test_a_call_is_whole_before_it_was_ever_projected():
    parent, child, session = sid(), sid(), rtc()
    traces = keep(
        status(parent, "in-progress"),
        status(child, "completed", parent=parent),
        offered(session, child),
        said(session, "Um"),
    )
    whole = ["leg.status", "leg.status", "session.offered", "turn.transcribed"]
    assert types(parent) == types(child) == types(session) == whole
    assert call_ids(traces) == []


def test_nothing_personal_is_read():
    session = rtc()
    keep(said(session, "Um"))
    [record] = live.records(session)
    assert record.event.item and record.event.text is None


def test_legs_that_met_only_later_are_one_call_already():
    parent, child = sid(), sid()
    keep(status(parent, "in-progress"))
    keep(status(child, "in-progress"))
    assert len(types(parent)) == 1
    keep(status(child, "completed", parent=parent))
    assert len(types(child)) == 3


def test_what_the_projection_has_linked_is_found_by_every_id():
    parent, child, session = sid(), sid(), rtc()
    traces = keep(status(parent, "in-progress"))
    traces |= keep(status(child, "in-progress"))
    traces |= keep(status(child, "completed", parent=parent), offered(session, child))
    projector.project(traces)
    [call_id] = call_ids(traces)
    for id_ in (parent, child, session, str(call_id)):
        assert len(types(id_)) == 4


@pytest.mark.parametrize(
    "id_", ["", "CA" + "f" * 32, "rtc_nobody", "a\0b", "00000000-0000-0000-0000-000000000000"]
)
def test_an_id_that_nobody_mentioned_has_no_facts(id_):
    assert live.records(id_) == []
