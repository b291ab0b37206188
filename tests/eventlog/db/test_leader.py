"""Who leads: by a lease that is renewed, and fenced where something is done."""

import pytest

from callstore.eventlog.db import leader
from callstore.eventlog.db.leader import Leadership
from tests.eventlog.tampering import sql

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_leads():
    sql("DELETE FROM log.leader")


def end_lease():
    sql("UPDATE log.leader SET until = now() - interval '1 s'")


def test_one_leads_until_it_resigns():
    first, second = Leadership("toy"), Leadership("toy")
    assert first.claim() and first.holds
    assert not second.claim() and not second.holds
    assert not first.claim() and first.holds  # it goes on, and does not begin anew
    first.resign()
    assert not first.holds
    assert second.claim()


def test_roles_know_nothing_of_each_other():
    assert Leadership("toy").claim() and Leadership("other toy").claim()


def test_a_lease_that_ended_goes_to_whoever_asks_first_and_its_holder_notes_nothing_more():
    first, second = Leadership("toy"), Leadership("toy")
    first.claim()
    assert first.note("tidy")
    end_lease()
    assert not first.note("tidy again")  # also while nobody else leads
    assert second.claim()
    assert not first.note("tidy again") and not first.claim() and not first.holds
    assert list(second.notes) == ["tidy"]


def test_whoever_slept_knows_without_a_question_that_it_leads_no_more(monkeypatch):
    sleeper = Leadership("toy")
    sleeper.claim()
    woken = leader._clock() + leader.LEASE_S
    monkeypatch.setattr(leader, "_clock", lambda: woken)
    assert not sleeper.holds


def test_a_leader_that_went_without_a_word_is_followed_within_ten_seconds():
    assert leader.LEASE_S + 2 * leader.ASK_EVERY_S < 10
