"""The call is offered in one region and answered in another."""

from tests.doctor.told import dialled, examine, proofs
from tests.findings.stories import refused

KEY = "region_mismatch"
EU = (("sip-eu.api.openai.com", "transport=tls"),)


def test_fires_where_the_sip_host_and_our_api_are_of_two_regions():
    story = dialled(sip_targets=EU)
    found = examine(KEY, story)
    assert proofs(story, found) == ["flow.answered 00:18:16"]
    assert "OPENAI_BASE_URL=https://eu.api.openai.com/v1" in found.paste


def test_fires_where_a_fresh_webhook_could_not_be_accepted():
    story = refused().offered("00:18:17").api("00:18:17.5", "accept", status=404)
    found = examine(KEY, story)
    assert proofs(story, found)[:2] == ["session.offered 00:18:17", "api.called 00:18:17.500"]


def test_stays_silent_where_both_are_of_one_region_or_the_host_is_no_openai():
    assert examine(KEY, dialled()) is None
    assert examine(KEY, dialled(sip_targets=EU), openai_base_url="https://eu.api.openai.com/v1") is None
    assert examine(KEY, dialled(sip_targets=(("sip.example.com", ""),))) is None
    assert examine(KEY, dialled(sip_targets=EU), openai_base_url="http://127.0.0.1:9000/v1") is None
