"""Twilio's callbacks of a media stream as facts."""

import pytest

from callstore.domain.facts.clock import Clock, Instant, unix
from callstore.domain.facts.events import StreamStatus, Unrecognised
from tests.ingest import deliveries as given

CALL, STREAM = "CA" + "1" * 32, "MZ" + "2" * 32
AT = "2026-04-13T00:18:50.412Z"


def callback(event="stream-started", **more):
    told = {"CallSid": CALL, "StreamSid": STREAM, "StreamName": "s", "StreamEvent": event, "Timestamp": AT}
    [draft] = given.facts(given.form(**(told | more)))
    return draft


@pytest.mark.parametrize(("event", "state"), [("stream-started", "started"), ("stream-stopped", "stopped")])
def test_a_stream_is_a_fact_about_the_leg(event, state):
    draft = callback(event)
    assert (draft.subject, draft.key) == (f"twilio:{CALL}", f"stream:{STREAM}:{state}")
    assert draft.event == StreamStatus(stream=STREAM, state=state, account=given.ACCOUNT)
    assert draft.occurred == Instant(unix(AT), Clock.PROVIDER)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"StreamError": "Stream - WebSocket - Handshake Error"}, "31920"),
        ({"StreamError": "Stream - WebSocket - SSL Protocol Error"}, "31910"),
        ({"StreamError": "Stream - WebSocket - Close Error"}, "31921"),
        ({"StreamError": "31951: invalid message"}, "31951"),
        ({"StreamError": "Stream - WebSocket - Handshake Error", "StreamErrorCode": "31901"}, "31901"),
        ({"StreamError": "something new"}, None),
        ({}, None),
    ],
)
def test_an_error_has_its_number_where_twilio_names_it(told, code):
    told_of = callback("stream-error", **told).event
    assert (told_of.stream, told_of.state, told_of.error_code) == (STREAM, "error", code)


def test_a_stamp_in_whole_seconds_says_so_and_without_one_the_arrival_counts():
    assert callback(Timestamp="2026-04-13T00:18:50Z").occurred.precision_ms == 1000
    assert callback(Timestamp="never").occurred.clock is Clock.RECEIVER


def test_an_unknown_event_is_kept_as_such():
    assert callback("stream-paused").event == Unrecognised(
        note="no known kind of voice request", hint="stream-paused"
    )
