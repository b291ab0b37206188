"""What an archive of a very long call may take."""

import pytest

from dashboard.api.routes import hand_over
from dashboard.hand_over import collect, shared
from tests.dashboard.api.problem import problem
from tests.dashboard.hand_over.logged import founding_call

pytestmark = pytest.mark.django_db

ARCHIVES = pytest.mark.parametrize("name", ["fixture.zip", "bundle.zip?for=openai"])


@ARCHIVES
def test_while_an_archive_is_made_others_are_asked_to_come_again(api, monkeypatch, name):
    monkeypatch.setattr(hand_over._making, "wait_s", 0.01)
    path = f"/api/v1/calls/{founding_call()['call_id']}/{name}"
    with hand_over._making.one():
        assert problem(api.get(path), 503)
    assert api.get(path).status_code == 200


@ARCHIVES
def test_a_call_of_which_more_was_delivered_than_is_held_at_once_is_said_to_be_too_large(
    api, monkeypatch, name
):
    monkeypatch.setattr(collect, "MOST_BYTES", 10_000)
    path = f"/api/v1/calls/{founding_call()['call_id']}/{name}"
    assert "more than" in problem(api.get(path), 422)["detail"]


def test_strangers_who_look_at_long_shares_hold_two_threads_at_most(api, stranger, monkeypatch):
    monkeypatch.setattr(shared._making, "wait_s", 0.01)
    made = api.post(
        f"/api/v1/calls/{founding_call()['call_id']}/shares",
        {"expires_in_s": 60},
        content_type="application/json",
    )
    link = made.json()["url"].removeprefix("http://testserver")
    with shared._making.one(), shared._making.one():
        answer = stranger.get(link)
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert stranger.get(link).status_code == 200
