"""A call is the same by whichever way it was told: forwarded or observed, callback or stream."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from django.test import override_settings

from callstore.domain.facts import ids
from callstore.domain.facts.clock import Clock, Instant, iso
from callstore.domain.facts.events import RecordingAnalysed
from callstore.domain.facts.record import Draft
from callstore.rehearsal.evaluation.evaluate import recorded, records
from callstore.rehearsal.scenarios.scenario import LIBRARY, Scenario, leg, load
from callstore.report.report import report
from ingest.backfill.fetch import api
from ingest.backfill.take import EVERYTHING, Taken, asked_about, unknown
from ingest.dialects import parse
from ingest.dialects.app.cloudevent import elements
from ingest.dialects.openai import sideband
from ingest.dialects.openai.compaction import compacted
from ingest.dialects.openai.sideband import Envelope
from ingest.providers.delivery import Delivery
from ingest.providers.provider import normalise
from tests.ingest import deliveries as given
from tests.ingest.backfill.losing import LEARNED, all_after_the_answer, differences
from tests.ingest.deliveries import ACCOUNT
from tests.ingest.twilio_api import TwilioApi, knowing, serving
from tests.places import ROOT

FOLDERS = sorted(
    path.parent
    for library in (LIBRARY, ROOT / "tests" / "reported")
    for path in library.glob("*/scenario.json")
)


def as_told(delivery: Delivery) -> Iterator[Draft]:
    """As the scenario tells it: frames forwarded, callbacks by their door."""
    yield from normalise(delivery)


def observed(delivery: Delivery) -> Iterator[Draft]:
    """What the sideband carried, by an observer of our own; the application forwards none of it."""
    if delivery.door != "app":
        yield from normalise(delivery)
        return
    for event in cloud_events(delivery):
        read = OBSERVED.get(event["type"])
        if read is None:
            yield from normalise(replace(given.cloud(event), received_at=delivery.received_at))
        elif draft := read(envelope(event), event["data"]):
            yield draft


def forwarded_and_observed(delivery: Delivery) -> Iterator[Draft]:
    """Both: the application's socket, and one of ours."""
    yield from normalise(delivery)
    for event in cloud_events(delivery) if delivery.door == "app" else ():
        read = OBSERVED.get(event["type"])
        if read and (draft := read(replace(envelope(event), connection="ours"), event["data"])):
            yield draft


def event_streams(delivery: Delivery) -> Iterator[Draft]:
    """Every callback and request that Event Streams has too, by Event Streams."""
    element = streamed(delivery)
    yield from normalise(
        replace(given.stream(element), received_at=delivery.received_at) if element else delivery
    )


def both_of_twilios(delivery: Delivery) -> Iterator[Draft]:
    """Each of them twice: by its door, and seconds later by Event Streams."""
    yield from normalise(delivery)
    if element := streamed(delivery):
        yield from normalise(replace(given.stream(element), received_at=delivery.received_at + 3.0))


def each(told: Callable[[Delivery], Iterator[Draft]]) -> Callable[[Scenario], list[Draft]]:
    """A way that brings every delivery."""
    return lambda call: [draft for delivery in call.deliveries for draft in told(delivery)]


def asked(call: Scenario, told: Callable[[Delivery], bool]) -> list[Draft]:
    """What was told, and what Twilio's API then has of the call beside."""
    kept = [draft for delivery in call.deliveries if told(delivery) for draft in normalise(delivery)]
    known = [recorded(draft, position) for position, draft in enumerate(kept, 1)]
    # The command asks for what it is given, a schedule for what is known.
    met = [leg(call), *(ids.id_of(d.subject) for d in kept if ids.is_of_a_leg(d.subject))]
    legs = dict.fromkeys(filter(None, met))
    taken = Taken()
    with (
        serving(knowing(call, TwilioApi(tokens={"token"}))) as twilio,
        override_settings(TWILIO_API_BASE_URL=twilio.url, TWILIO_ACCOUNTS={ACCOUNT: ["token"]}),
        api(ACCOUNT) as account,
    ):
        found = asked_about(account, legs, known, EVERYTHING, taken)
    assert taken.failures == []
    return [*kept, *unknown(found, known)]


def whole_and_asked(call: Scenario) -> list[Draft]:
    """Every delivery, and a reconciler beside them."""
    return asked(call, lambda delivery: True)


def backfilled(call: Scenario) -> list[Draft]:
    """All that Twilio sent after the answer was lost, and is asked for."""
    is_lost = all_after_the_answer(call)
    return asked(call, lambda delivery: not is_lost(delivery))


# How a call can be told.
WAYS: dict[str, Callable[[Scenario], list[Draft]]] = {
    "observed": each(observed),
    "forwarded and observed": each(forwarded_and_observed),
    "event streams": each(event_streams),
    "callbacks and event streams": each(both_of_twilios),
    "backfilled": backfilled,
}
# With what a way's document is compared, where not with that of all deliveries.
COMPARED = {"backfilled": whole_and_asked}


def cloud_events(delivery: Delivery) -> list[dict[str, Any]]:
    return [element for element in elements(delivery.body) if isinstance(element, dict)]


OBSERVED: dict[str, Callable[[Envelope, dict[str, Any]], Draft | None]] = {
    "realtime.frame": lambda at, data: sideband.server_event(at, compacted(data["event"])),
    "realtime.socket.opened": lambda at, data: sideband.socket_opened(at, data.get("http_status")),
    "realtime.socket.closed": lambda at, data: sideband.socket_closed(at, data),
}


def envelope(event: dict[str, Any]) -> Envelope:
    """As an observer stamps it: by our own clock, and kept as it came."""
    data = event["data"]
    came = parse.any_time(data.get("received_at")) or parse.any_time(event["time"])
    assert came is not None
    return Envelope(
        source="app",
        subject=f"openai:{data['call_id']}",
        connection=data.get("connection_id"),
        sequence=data.get("seq"),
        occurred=Instant(came, Clock.RECEIVER),
        received_at=came,
        raw=b"{}",
    )


TYPES = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}


def streamed(delivery: Delivery) -> dict[str, Any] | None:
    """A form of Twilio's as its element of a batch; None for what Event Streams does not have."""
    words = dict(delivery.form) if delivery.door == "twilio" and not delivery.is_json else {}
    if "Payload" in words:
        return logged(words)
    if not words.get("CallStatus") or {"RecordingStatus", "TranscriptionEvent", "StreamEvent"} & set(words):
        return None
    progress = words.get("CallbackSource") == "call-progress-events"
    kind = (
        f"status-callback.call.{TYPES.get(words['CallStatus'], 'completed')}"
        if progress
        else "twiml.call.requested"
    )
    element = given.status_event(delivery, f"com.twilio.voice.{kind}")
    element["data"]["timestamp"] = element["time"] = iso(delivery.received_at)
    return element


def logged(words: dict[str, str]) -> dict[str, Any]:
    """A notification of the debugger as the error log tells it."""
    payload = json.loads(words["Payload"])
    told = {
        "correlation_sid": payload["resource_sid"],
        "account_sid": words["AccountSid"],
        "level": words["Level"],
        "error_code": payload["error_code"],
        "date_created": words["Timestamp"],
        "message": (payload.get("more_info") or {}).get("Msg"),
    }
    kind = "com.twilio.error-logs.error.logged"
    return {**given.status_event(given.form(), kind), "data": told}


# Where in the log a fact stands, who brought it by which sockets, and when it reached us is the way's.
OF_THE_WAY = {
    "position", "positions", "first_position", "last_position", "event_count", "clock", "detection_lag_s",
    "ingest_lag_p95_ms", "connections", "frames",
}  # fmt: skip
# What a way cannot tell of one call. A request's callback tells no time: one that was held back is late.
# Event Streams and Call Events say when it was made, these in whole seconds, which may turn two round. Of a
# conference the API keeps who ended it, and not who left it when.
UNTOLD = {
    ("out_of_order_and_duplicates", "event streams"): {"at", "at_s"},
    ("out_of_order_and_duplicates", "backfilled"): {"asked", "checks"},
    ("rest_redirect_to_human__no_event_streams", "backfilled"): {"flow"},
    ("transfer_not_accepted_back_to_ai", "backfilled"): {"flow"},
    ("conference_caller_leaves", "backfilled"): {"left", "reason", "evidence_for", "checks"},
}


def without(names: set[str], part: Any) -> Any:
    if isinstance(part, dict):
        return {name: without(names, value) for name, value in part.items() if name not in names}
    return [without(names, value) for value in part] if isinstance(part, list) else part


@cache
def heard(folder) -> tuple:
    """What was heard in the recording of a scenario: no way changes it."""
    return tuple(record for record in records(load(folder)) if isinstance(record.event, RecordingAnalysed))


def document(folder, way) -> dict[str, Any]:
    drafts = way(load(folder))
    kept = [recorded(draft, position) for position, draft in enumerate(drafts, 1)]
    found: Any = report([*kept, *heard(folder)])
    del found["source_details"]["ai_events"]["why"]  # it counts them
    return without(OF_THE_WAY, found)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_call_is_the_same_by_each_way_it_is_told(folder, way):
    untold = UNTOLD.get((folder.name, way), set()) | (LEARNED if way in COMPARED else set())
    told = document(folder, WAYS[way])
    expected = document(folder, COMPARED.get(way, each(as_told)))
    told, expected = without(untold, told), without(untold, expected)
    assert told == expected or way in COMPARED  # Twilio's API cuts its stamps to the second
    assert differences(told, expected) == []
