"""What every provider promises, old or new: found by scanning, so a new folder is tested by being there."""

from pathlib import Path

import pytest

import ingest.providers
from callstore.domain.facts.events import Unrecognised
from ingest.providers.provider import NotConfigured, Refused, discovered
from tests.ingest import deliveries as given

ORDINARY = {
    "twilio": [given.progress(), given.stream(given.status_event(given.progress()))],
    "openai": [given.webhook(call_id="rtc_u1_one")],
    "app": [given.cloud(given.event(), given.frame({"type": "response.created", "response": {"id": "r"}}))],
}
UNKNOWN = {
    "twilio": [
        given.form(CallSid=given.sid(), StreamEvent="stream-started"),
        given.stream({"type": "com.twilio.news", "id": "EZ1", "data": {}}),
        given.stream("not an object"),
        given.delivery("twilio", "/hooks/twilio/events", "[{"),
        given.delivery("twilio", "/hooks/twilio/x", b"", "application/x-www-form-urlencoded"),
    ],
    "openai": [given.webhook("safety.alert.created"), given.delivery("openai", "/hooks/openai/", "{")],
    "app": [given.cloud(given.event("app.unheard_of")), given.delivery("app", "/hooks/app/", "{")],
}
PROVIDERS = sorted(discovered())


def each(table):
    return [(name, one) for name in PROVIDERS for one in table[name]]


@pytest.fixture(autouse=True)
def _configured(settings):
    given.configured(settings)


@pytest.mark.parametrize(("name", "unsigned"), each(ORDINARY))
def test_a_signed_delivery_is_accepted(name, unsigned):
    discovered()[name].verify(given.signed(unsigned))


@pytest.mark.parametrize(("name", "unsigned"), each(ORDINARY))
def test_an_unsigned_delivery_is_refused(name, unsigned):
    with pytest.raises(Refused):
        discovered()[name].verify(unsigned)


@pytest.mark.parametrize(("name", "unsigned"), each(ORDINARY))
def test_a_delivery_signed_with_another_secret_is_refused(name, unsigned):
    with pytest.raises(Refused):
        discovered()[name].verify(given.signed(unsigned, secret="bm90IG91cnM="))


@pytest.mark.parametrize(("name", "unsigned"), [one for one in each(ORDINARY) if one[0] != "app"])
def test_one_flipped_bit_is_refused(name, unsigned):
    with pytest.raises(Refused):
        discovered()[name].verify(given.changed_body(given.signed(unsigned)))


@pytest.mark.parametrize(("name", "unsigned"), each(ORDINARY))
def test_nothing_is_accepted_before_a_secret_is_set(name, unsigned, settings):
    signed = given.signed(unsigned)
    setting = discovered()[name].setting
    setattr(settings, setting, type(getattr(settings, setting))())
    with pytest.raises(Refused):
        discovered()[name].verify(signed)
    with pytest.raises(NotConfigured):
        discovered()[name].secret(unsigned, [])


@pytest.mark.parametrize(("name", "unsigned"), each(ORDINARY))
def test_a_repeat_has_the_same_keys_and_facts(name, unsigned):
    first, again = given.facts(given.signed(unsigned)), given.facts(given.signed(unsigned))
    assert [(d.subject, d.key, d.fingerprint, d.event) for d in first] == [
        (d.subject, d.key, d.fingerprint, d.event) for d in again
    ]
    assert not any(isinstance(d.event, Unrecognised) for d in first)


@pytest.mark.parametrize(("name", "unsigned"), each(UNKNOWN))
def test_what_is_unknown_is_kept_as_it_came(name, unsigned):
    drafts = given.facts(unsigned)
    assert [type(d.event) for d in drafts] == [Unrecognised]
    assert drafts[0].raw or not unsigned.body


@pytest.mark.parametrize("name", PROVIDERS)
def test_it_says_how_to_set_it_up(name):
    text = (Path(ingest.providers.__path__[0]) / name / "doc.md").read_text()
    assert discovered()[name].setting in text
    assert f"/hooks/{name}/" in text
