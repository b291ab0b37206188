"""The recorded call that ended well, told by every witness as it should be: nothing is to be said of it."""

import json
from dataclasses import replace
from itertools import groupby
from urllib.parse import urlencode

from callstore.domain.facts.clock import iso, unix
from callstore.rehearsal.scenarios.scenario import Scenario, load
from ingest.providers.delivery import Delivery
from tests.ingest import deliveries as given

GT = "GT" + "2" * 32
BATCH_S = 0.5
# What its TwiML lacks, as it is written in JSON.
AS_IT_SHOULD_BE = (
    (r"/hooks/twilio/status/child\"", r"/hooks/twilio/status/child#rc=5&amp;rp=all\""),
    (
        r"<Dial action",
        r"<Dial recordingStatusCallback=\"https://calls.example.com/r#rc=5&amp;rp=all\" action",
    ),
)


def clean() -> Scenario:
    """natural_end with narrow batches, callbacks that are repeated, Twilio's transcription, and Insights."""
    scenario = load("natural_end")
    sent = [part for one in scenario.deliveries for part in _narrow(one)]
    sent += [*_words(scenario), *_summaries(scenario)]
    return replace(scenario, deliveries=tuple(sorted(sent, key=lambda one: one.received_at)))


def _narrow(one: Delivery) -> list[Delivery]:
    """The events of half a second together, sent when they had happened."""
    if one.door != "app":
        return [one]
    body = one.body.decode()
    for old, new in AS_IT_SHOULD_BE:
        body = body.replace(old, new)
    parts = groupby(json.loads(body), key=lambda event: unix(event["time"]) // BATCH_S)
    return [
        replace(one, body=json.dumps(events).encode(), received_at=unix(events[-1]["time"]) + 0.1)
        for events in (list(part) for _, part in parts)
    ]


def _words(scenario: Scenario) -> list[Delivery]:
    at = unix("2026-04-13T02:05:12Z")
    told = {
        "CallSid": scenario.expect["parent_call_sid"],
        "TranscriptionSid": GT,
        "TranscriptionEvent": "transcription-content",
        "SequenceId": "2",
        "Timestamp": iso(at),
        "LanguageCode": "en-US",
        "Track": "inbound_track",
        "Final": "true",
        "TranscriptionData": json.dumps({"transcript": "Yes, that is right.", "confidence": 0.9}),
        "AccountSid": given.ACCOUNT,
    }
    return [_delivery("/hooks/twilio/transcription", urlencode(told), at + 0.5, form=True)]


def _summaries(scenario: Scenario) -> list[Delivery]:
    at = unix("2026-04-13T02:36:00Z")
    leg = scenario.expect["child_call_sid"]
    event = {
        "specversion": "1.0",
        "type": "com.twilio.voice.insights.call-summary.complete",
        "source": f"/v1/Voice/{leg}/Summary",
        "id": "EZ" + "3" * 32,
        "time": iso(at),
        "data": {
            "call_sid": leg,
            "account_sid": given.ACCOUNT,
            "processing_state": "complete",
            "properties": {"disconnected_by": "callee", "last_sip_response_num": 200},
        },
    }
    return [_delivery("/hooks/twilio/events", json.dumps([event]), at + 1)]


def _delivery(path: str, body: str, at: float, form: bool = False) -> Delivery:
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    made = given.delivery("twilio", path, body, kind)
    return replace(made, received_at=at)
