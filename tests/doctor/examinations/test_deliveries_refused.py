"""Deliveries that were proved wrongly, and what is mostly the cause."""

import pytest

from tests.doctor.refusals import refusal
from tests.doctor.told import examine

KEY = "deliveries_refused"


@pytest.mark.parametrize(
    ("door", "reason"), [("twilio", "unknown account"), ("twilio", "wrong signature"), ("app", "wrong token")]
)
def test_fires_for_a_proof_that_was_given_and_is_wrong(door, reason):
    found = examine(KEY, refusals=(refusal(door, reason, count=2, remedy="Do this."),))
    assert reason in found.why and f"/hooks/{door}/ 2 times:" in found.why and "Do this." in found.paste
    assert " 1 time: " in examine(KEY, refusals=(refusal(door, reason),)).why


@pytest.mark.parametrize(
    "of",
    [
        refusal("twilio", "no signature"),
        refusal("app", "no token"),
        refusal("added", "no key"),  # of a provider that was added
        refusal("twilio", "wrong signature", looks_like="scheme"),
        refusal("openai", "wrong signature"),
        refusal("openai", "timestamp out of tolerance"),
    ],
)
def test_stays_silent_for_strangers_and_for_what_another_examination_names(of):
    assert examine(KEY, refusals=(of,)) is None
