"""What is clicked at Twilio, or done by the script: addresses are doors, and what comes to them is read."""

import hashlib
import json
import re

import pytest

from ingest.dialects.twilio import event_streams
from tests.ingest import deliveries as given
from tests.integrations import twilio
from tests.integrations.recipe import FOLDER, recipe


@pytest.fixture
def set_up():
    module = recipe("twilio-console.md", "set_up.py")
    module.CALLSTORE = given.BASE
    client, asked = twilio.client()
    module.set_up(client, twilio.sid("PN"))
    return module, asked


def test_the_script_points_the_number_and_the_events_at_callstore(set_up, instance, kept):
    module, asked = set_up
    (_, number, of_number), (_, sinks, of_sink), (_, subscriptions, subscribed) = asked
    assert "/IncomingPhoneNumbers/PN" in number and of_number["StatusCallbackMethod"] == "POST"
    leg = twilio.sid()
    ended = twilio.progress(leg, "completed", CallDuration="60")
    assert twilio.deliver(instance, of_number["StatusCallback"], **ended) == 204
    assert [record.event.status for record in kept(f"twilio:{leg}")] == ["completed"]
    assert (sinks, subscriptions) == ("/v1/Sinks", "/v1/Subscriptions")
    types = [json.loads(each) if isinstance(each, str) else each for each in subscribed["Types"]]
    assert {each["type"]: each["schema_version"] for each in types} == module.TYPES
    sink = of_sink["SinkConfiguration"]
    sink = json.loads(sink) if isinstance(sink, str) else sink
    assert "#" not in sink["destination"] and sink["batch_events"] is False
    assert stream(instance, sink["destination"], leg) == 204
    assert len(kept(f"twilio:{leg}")) == 1  # the same fact a second time


def stream(instance, url, leg):
    """Event Streams delivers the leg's end to its sink, once more."""
    data = {"request": {"parameters": twilio.progress(leg, "completed", CallDuration="60")}}
    event = {
        "specversion": "1.0",
        "id": twilio.sid("EZ"),
        "source": given.ACCOUNT,
        "type": "com.twilio.voice.status-callback.call.completed",
        "time": "2026-04-13T00:18:18Z",
        "data": data,
    }
    body = json.dumps([event]).encode()
    url = f"{url}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    headers = {"X-Twilio-Signature": twilio.signature(url, {}), "Content-Type": "application/json"}
    return instance.ask("POST", url.removeprefix(given.BASE), body, headers)[0]


def test_what_is_subscribed_is_what_callstore_reads(set_up):
    module, _ = set_up
    unread = [name for name in module.TYPES if not any(part in name for part in event_streams._READERS)]
    assert unread == []


def test_every_address_of_the_page_is_a_door(instance):
    page = (FOLDER / "twilio-console.md").read_text()
    addresses = set(re.findall(r"`https://callstore\.example\.com(/[^`#]*)", page))
    assert addresses == {"/hooks/twilio/parent", "/hooks/twilio/debugger", "/hooks/twilio/events"}
    for path in addresses:
        assert (
            twilio.deliver(instance, given.BASE + path, **twilio.progress(twilio.sid(), "completed")) == 204
        )
