"""Callbacks that Twilio does not repeat."""

import pytest

from tests.builders import answered_call
from tests.doctor.told import CALLBACKS, dialled, examine, proofs

KEY = "retry_override"
EVENTS = "initiated ringing answered completed"


@pytest.mark.parametrize("overrides", ["", "rc=5", "rp=all", "rc=0&rp=all"])
def test_fires_for_a_callback_without_the_override(overrides):
    story = dialled(callbacks=(("Sip.statusCallback", EVENTS, overrides),))
    found = examine(KEY, story)
    assert proofs(story, found) == ["flow.answered 00:18:16"]
    assert "#rc=5&amp;rp=all" in found.paste and "Sip.statusCallback" in found.why


@pytest.mark.parametrize("overrides", ["rc=5&rp=all", "rp=5xx,ct&rc=1", "e=dublin&rc=3&rp=4xx,5xx,ct,rt"])
def test_stays_silent_for_one_that_is_repeated(overrides):
    assert examine(KEY, dialled(callbacks=(("Sip.statusCallback", EVENTS, overrides),))) is None
    assert examine(KEY, dialled(callbacks=CALLBACKS)) is None


def test_claims_nothing_of_twiml_that_nobody_forwarded_or_looked_at():
    assert examine(KEY, answered_call()) is None
    assert examine(KEY, dialled(callbacks=None)) is None
