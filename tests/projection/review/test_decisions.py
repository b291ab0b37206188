"""What people decide: kept for good, and in the rows that readers filter at once."""

from threading import Thread

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from callstore.people.decisions import begin_bulk
from callstore.people.models import Decision
from callstore.people.review import Change
from callstore.projection import projector, queries
from callstore.projection.models import CallRow
from callstore.projection.rebuild import diff, shadow, swap
from callstore.projection.rebuild.scope import scope
from callstore.projection.review import decisions
from callstore.projection.review.decisions import Overtaken
from tests.eventlog.tampering import sql
from tests.projection.facts import keep, sid, status

pytestmark = pytest.mark.django_db


@pytest.fixture
def leg():
    leg = sid()
    projector.project(keep(status(leg, "completed")))
    return leg


def decided(leg):
    call = queries.find(leg)
    return call["review_state"], call["assignee"], call["tags"]


def test_a_decision_is_in_the_row_at_once(leg):
    decisions.decide(leg, Change(state="confirmed", assignee="bo", tags=("billing",)), "ada")
    assert decided(leg) == ("confirmed", "bo", ["billing"])
    call = queries.find(leg)
    assert call["reviewer"] == "ada" and "reviewed" in call["flags"]
    [found] = queries.page(("review_state = 'confirmed' AND assignee = 'bo'", ())).items
    assert found == call


def test_every_decision_stays_with_what_stood_before(leg):
    decisions.decide(leg, Change(state="investigating"), "ada")
    decisions.decide(leg, Change(state="confirmed", tags=("x",)), "bo")
    first, second = decisions.find(leg).history
    assert (first.by, first.was_state, first.state) == ("ada", "new", "investigating")
    assert (second.by, second.was_state, second.state, second.tags) == (
        "bo", "investigating", "confirmed", ["x"],
    )  # fmt: skip


def test_what_changes_nothing_is_not_kept(leg):
    decisions.decide(leg, Change(state="confirmed"), "ada")
    version = decisions.find(leg).review.version
    assert decisions.decide(leg, Change(state="confirmed"), "bo").review.version == version


def test_a_call_that_is_not_there_is_not_decided_about():
    assert decisions.decide(sid(), Change(state="confirmed"), "ada") is None


def test_a_decision_against_an_older_state_is_told_and_not_made(leg):
    seen = decisions.find(leg).review.version
    decisions.decide(leg, Change(state="investigating"), "ada", seen)
    with pytest.raises(Overtaken) as told:
        decisions.decide(leg, Change(state="resolved"), "bo", seen)
    assert told.value.review.last_by == "ada" and told.value.review.standing.state == "investigating"
    assert decided(leg)[0] == "investigating"
    voted = decisions.decide(leg, Change(vote="agrees"), "bo", seen)
    assert voted.review.vote_of("bo", voted.verdict) == "agrees"


def test_a_decision_outlives_that_its_call_is_folded_again(leg):
    decisions.decide(leg, Change(state="confirmed", assignee="bo", tags=("billing",)), "ada")
    projector.project(keep(status(leg, "completed", at=3)))
    assert queries.find(leg)["event_count"] == 2
    assert decided(leg) == ("confirmed", "bo", ["billing"])
    assert "reviewed" in queries.find(leg)["flags"]


def test_a_decision_follows_a_call_whose_id_changes():
    parent, child = sid(), sid()
    first, second = keep(status(parent, "in-progress")), keep(status(child, "in-progress"))
    projector.project(first | second)
    decisions.decide(child, Change(state="confirmed", tags=("late",)), "ada")
    keep(status(child, "completed", parent=parent, at=5))
    projector.project(second)
    assert queries.find(child)["call_id"] == str(min(first | second))
    assert decided(parent) == ("confirmed", None, ["late"])
    assert [each.by for each in decisions.find(parent).history] == ["ada"]


def test_votes_are_counted_for_the_verdict_that_they_were_about(leg):
    decisions.decide(leg, Change(vote="agrees"), "ada")
    decisions.decide(leg, Change(vote="disagrees"), "bo")
    assert (queries.find(leg)["agreed"], queries.find(leg)["disagreed"]) == (1, 1)
    CallRow.objects.update(verdict="ai_deaf")
    decisions.decide(leg, Change(vote="agrees"), "cy")
    assert (queries.find(leg)["agreed"], queries.find(leg)["disagreed"]) == (1, 0)


def test_rows_of_decisions_are_neither_changed_nor_removed(leg):
    decisions.decide(leg, Change(state="confirmed"), "ada")
    for act in (lambda: Decision.objects.update(by="bo"), lambda: Decision.objects.all().delete()):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            act()
    assert decisions.find(leg).review.last_by == "ada"


def test_an_act_upon_many_is_one_act_and_changes_each(leg):
    other = sid()
    projector.project(keep(status(other, "completed")))
    calls = [decisions.find(each).call_id for each in (leg, other)]
    decisions.decide(leg, Change(state="resolved"), "ada")
    bulk = begin_bulk("bo", {"state": "resolved", "tags_add": ["week 48"]}, 2)
    change = Change(state="resolved", tags_add=("week 48",))
    assert decisions.decide_all(calls, change, "bo", bulk) == 2
    assert decided(leg) == decided(other) == ("resolved", None, ["week 48"])
    assert decisions.find(other).history[-1].bulk == bulk
    assert decisions.decide_all(calls, change, "bo", bulk) == 0


def test_an_act_upon_many_asks_no_more_than_one_upon_two(django_assert_max_num_queries):
    legs = [sid() for _ in range(12)]
    for each in legs:
        projector.project(keep(status(each, "completed")))
    with django_assert_max_num_queries(2 + 1):
        calls = decisions.calls_of([*legs, "CA-none"])
    assert set(calls) == set(legs)
    bulk = begin_bulk("bo", {"state": "resolved"}, len(legs))
    with django_assert_max_num_queries(10 + 1):  # one tells who follows, unless that was done just now
        assert decisions.decide_all(list(calls.values()), Change(state="resolved"), "bo", bulk) == len(legs)
    assert {decided(each)[0] for each in legs} == {"resolved"}
    versions = [decisions.find(each).history[-1].pk for each in sorted(legs, key=calls.get)]
    assert versions == sorted(versions)  # each in the order of its call


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_once_one_is_told(leg):
    seen, told = decisions.find(leg).review.version, []

    def decide(by):
        try:
            decisions.decide(leg, Change(assignee=by), by, seen)
        except Overtaken as error:
            told.append((by, error.review.last_by))
        finally:
            connection.close()

    people = [Thread(target=decide, args=[name]) for name in ("ada", "bo")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    [(loser, winner)] = told
    assert {loser, winner} == {"ada", "bo"} and decided(leg)[1] == winner


@pytest.mark.django_db(transaction=True)
def test_decisions_survive_a_rebuild_even_those_made_meanwhile(leg):
    during = sid()
    projector.project(keep(status(during, "completed")))
    decisions.decide(leg, Change(state="confirmed", tags=("before",)), "ada")
    with shadow.alone():
        shadow.prepare(lambda *_: None, 1)
        decisions.decide(during, Change(state="resolved", tags=("meanwhile",)), "bo")
        swap.swap()
    assert decided(leg) == ("confirmed", None, ["before"])
    assert decided(during) == ("resolved", None, ["meanwhile"])
    call_command("rebuild", "--check")
    assert list(diff.differences(scope(), lambda _: None)) == []


def test_a_check_names_a_row_that_says_otherwise_than_people_decided(leg):
    decisions.decide(leg, Change(state="confirmed"), "ada")
    sql("UPDATE call SET review_state = 'new'")
    lines = list(diff.differences(scope(leg), lambda _: None))
    assert [line.partition(": ")[2] for line in lines] == ["review_state is new, should be confirmed"]
