"""Whose leg it is, as each kind of fact says it, and what stays the fact that it was before it said so."""

from dataclasses import replace

import orjson
import pytest

from callstore.domain.facts.events import RecordingStatus, Unrecognised
from callstore.eventlog.writing import row
from callstore.eventlog.writing.homes import Home, uuid7
from ingest.providers.delivery import Delivery
from ingest.providers.provider import normalise
from tests.ingest import deliveries as given

OTHER = "AC" + "f" * 32


def drafts_of(delivery: Delivery):
    return [draft for draft in normalise(delivery) if not isinstance(draft.event, Unrecognised)]


@pytest.mark.parametrize(("name", "delivery"), list(given.recorded_twilio()))
def test_every_fact_of_a_leg_says_whose_it_is(name, delivery):
    for draft in drafts_of(delivery):
        assert draft.event.account == given.ACCOUNT, name


def test_an_account_that_is_none_is_not_said():
    [draft] = normalise(given.progress(AccountSid="nobody"))
    assert draft.event.account is None


def test_a_fact_that_was_kept_before_it_said_so_is_no_contradiction_now():
    [now] = normalise(given.progress())
    before = replace(now, event=replace(now.event, account=None))
    home = Home(uuid7(now.received_at), row.canonical.moment(now.occurred.at).date(), b"k" * 32)
    old, new = row.row_of(before, home), row.row_of(now, home)
    assert (old.dedup_key, old.mac) == (new.dedup_key, new.mac)
    assert "account" in new.facts and "account" not in old.facts


def stream(account: str, url: str) -> Delivery:
    """A batch whose one element announces a recording in the name of an account."""
    parameters = {"AccountSid": account, "CallSid": given.sid(), "RecordingSid": given.sid("RE"),
                  "RecordingStatus": "completed", "RecordingUrl": url}  # fmt: skip
    element = {"type": "com.twilio.voice.status-callback.call.completed", "id": "EZ1", "specversion": "1.0",
               "data": {"request": {"parameters": parameters}}}  # fmt: skip
    body = orjson.dumps([element, {"account": given.ACCOUNT}]).decode()
    return given.delivery("twilio", "/hooks/twilio/stream", body, "application/json")


@pytest.mark.parametrize(("named", "proved_by"), [(OTHER, given.ACCOUNT), (given.ACCOUNT, None)])
def test_a_recording_is_told_with_the_account_whose_token_proved_it(settings, named, proved_by):
    given.configured(settings)
    settings.TWILIO_ACCOUNTS = {given.ACCOUNT: [given.TOKEN], OTHER: ["its own token"]}
    url = f"https://api.twilio.com/2010-04-01/Accounts/{OTHER}/Recordings/RE1"
    [draft] = drafts_of(given.signed(stream(named, url)))
    assert isinstance(draft.event, RecordingStatus)
    assert (draft.event.account, draft.event.proved_by) == (named, proved_by)
