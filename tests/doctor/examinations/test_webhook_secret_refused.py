"""Somebody refuses OpenAI's webhooks: we, or the application that should answer them."""

from callstore.domain.facts import events as ev
from tests.builders import PARENT, answered_call
from tests.doctor.refusals import refusal
from tests.doctor.told import examine, proofs

KEY = "webhook_secret_refused"


def excepted(message):
    event = ev.AppSaid(what="exception", level="error", message=message)
    return answered_call().add(f"twilio:{PARENT}", event, "00:18:18", source="app")


def test_fires_where_our_door_refused_a_signature():
    found = examine(KEY, refusals=(refusal("openai", "wrong signature", count=3),))
    assert "3 webhooks" in found.why and "OPENAI_WEBHOOK_SECRETS=" in found.paste


def test_fires_where_the_application_says_that_it_refused_one():
    story = excepted("webhook rejected: signature does not verify with our secret")
    found = examine(KEY, story)
    assert proofs(story, found) == ["session.offered 00:18:17", "app.said 00:18:18"]
    assert "signature" in found.why and "with our secret" not in found.why


def test_stays_silent_for_other_refusals_and_exceptions():
    assert examine(KEY, excepted("KeyError: call_id"), refusals=(refusal("openai", "no signature"),)) is None
    assert examine(KEY, refusals=(refusal("twilio", "wrong signature"),)) is None
