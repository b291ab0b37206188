"""What decisions add up to."""

import pytest

from callstore.domain.facts.vocabulary import REVIEW_STATES
from callstore.people.models import Decision
from callstore.people.review import BadChange, Change, Standing, review


def decision(number, by="ada", was="new", state="new", assignee=None, tags=(), vote=None, verdict=None):
    return Decision(
        id=number, by=by, was_state=was, state=state, assignee=assignee, tags=list(tags), vote=vote,
        verdict=verdict,
    )  # fmt: skip


def test_a_call_that_nobody_decided_about_is_new():
    assert review([]).standing == Standing("new", None, ())
    assert review([]).version == 0 and review([]).flags(["late"], "live") == ["late"]


def test_the_last_decision_stands_and_the_reviewer_is_who_changed_the_state():
    found = review(
        [
            decision(1, "ada", state="investigating", assignee="ada"),
            decision(2, "bo", was="investigating", state="confirmed", assignee="ada", tags=["billing"]),
            decision(3, "cy", was="confirmed", state="confirmed", assignee="cy", tags=["billing"]),
        ]
    )
    assert found.standing == Standing("confirmed", "cy", ("billing",))
    assert (found.reviewer, found.last_by, found.version) == ("bo", "cy", 3)


@pytest.mark.parametrize(
    ("state", "reviewed"),
    [(state, state in ("confirmed", "not_suspicious", "resolved")) for state in REVIEW_STATES],
)
def test_a_call_is_reviewed_once_somebody_came_to_an_end_with_it(state, reviewed):
    assert ("reviewed" in review([decision(1, state=state)]).flags([], "live")) is reviewed


def test_a_false_positive_is_a_suspected_call_that_people_cleared():
    cleared = review([decision(1, state="not_suspicious")])
    assert cleared.flags(["truncated"], "live") == ["truncated", "reviewed", "false_positive"]
    assert cleared.flags([], "natural_end") == ["reviewed"]
    voted = review([decision(1, vote="disagrees", verdict="ai_deaf")])
    assert voted.flags(["suspicious"], "ai_deaf") == ["suspicious", "false_positive"]


def test_everybody_has_one_vote_the_last_and_may_take_it_back():
    votes = [
        decision(1, "ada", vote="agrees", verdict="ai_deaf"),
        decision(2, "bo", vote="agrees", verdict="ai_deaf"),
        decision(3, "ada", vote="disagrees", verdict="ai_deaf"),
    ]
    assert review(votes).votes("ai_deaf") == (1, 1)
    votes.append(decision(4, "bo", vote="withdrawn", verdict="ai_deaf"))
    assert review(votes).votes("ai_deaf") == (0, 1)
    assert review(votes).vote_of("bo", "ai_deaf") is None


def test_a_vote_on_a_verdict_that_changed_since_says_nothing_of_the_new_one():
    found = review([decision(1, vote="agrees", verdict="inconclusive")])
    assert found.votes("ai_deaf") == (0, 0) and found.vote_of("ada", "ai_deaf") is None


def test_flags_that_people_gave_before_are_not_taken_for_the_calls_own():
    assert review([]).flags(["truncated", "reviewed", "false_positive"], "live") == ["truncated"]


def test_a_change_leaves_alone_what_it_does_not_name():
    stands = Standing("confirmed", "ada", ("a", "b"))
    assert stands.after(Change(state="resolved")) == Standing("resolved", "ada", ("a", "b"))
    assert stands.after(Change(assignee="")) == Standing("confirmed", None, ("a", "b"))
    assert stands.after(Change(tags=("c",))).tags == ("c",)
    assert stands.after(Change(tags_add=("c", " b "), tags_remove=("a",))).tags == ("b", "c")


@pytest.mark.parametrize("tag", ["", "  ", "a,b", "x" * 41, "a\0b"])
def test_what_is_no_tag_is_refused(tag):
    with pytest.raises(BadChange, match="A tag"):
        Standing().after(Change(tags=(tag,)))


def test_a_call_has_a_bounded_number_of_tags():
    with pytest.raises(BadChange, match="at most 20 tags"):
        Standing().after(Change(tags=tuple(f"tag {n}" for n in range(21))))
