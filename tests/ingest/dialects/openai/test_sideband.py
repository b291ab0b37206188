"""What passed on a session's sockets, told by whoever held one: no CloudEvent is needed."""

from dataclasses import replace

import pytest

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import ApiCalled, FrameSent, ReplyStarted, SocketClosed, SocketOpened
from ingest.dialects.openai import sideband
from ingest.dialects.openai.sideband import Envelope
from tests.ingest import deliveries as given

OURS = Envelope(
    source="observer",
    subject="openai:rtc_u1_one",
    connection="ours-1",
    sequence=7,
    occurred=Instant(given.NOON, Clock.RECEIVER),
    received_at=given.NOON,
    raw=b"{}",
)
FORWARDED = replace(OURS, key="ce:/voice-app:1")
CREATED = {"type": "response.created", "response": {"id": "r"}}


def test_a_frame_is_known_by_its_socket_and_number_whoever_tells_of_it():
    ours, forwarded = sideband.server_event(OURS, CREATED), sideband.server_event(FORWARDED, CREATED)
    assert ours == forwarded
    assert (ours.source, ours.subject, ours.key, ours.sequence) == (
        "observer",
        "openai:rtc_u1_one",
        "frame:ours-1:7",
        7,
    )
    assert ours.event == ReplyStarted(connection="ours-1", kind="response.created", response="r")
    assert sideband.client_event(OURS, {"type": "session.update"}).event == FrameSent(
        connection="ours-1", kind="session.update"
    )


@pytest.mark.parametrize("missing", ["connection", "sequence"])
def test_a_forwarded_frame_without_its_number_is_known_by_its_forwarders_key(missing):
    assert sideband.client_event(replace(FORWARDED, **{missing: None}), CREATED).key == "ce:/voice-app:1"


@pytest.mark.parametrize("event", [{}, {"type": None}, {"type": " "}])
def test_an_event_without_a_type_is_no_frame(event):
    assert sideband.server_event(OURS, event) is None
    assert sideband.client_event(OURS, event) is None


@pytest.mark.parametrize(
    ("envelope", "keys"),
    [(OURS, ["opened:ours-1", "closed:ours-1", "api:req_1"]), (FORWARDED, ["ce:/voice-app:1"] * 3)],
)
def test_a_socket_is_known_by_its_name_or_by_its_forwarders_key(envelope, keys):
    facts = [
        sideband.socket_opened(envelope, 101),
        sideband.socket_closed(envelope, {"code": 1006}),
        sideband.api_call(envelope, {"path": "/v1/realtime/calls/x/refer?y", "request_id": "req_1"}),
    ]
    assert [fact.key for fact in facts] == keys
    assert [fact.event for fact in facts] == [
        SocketOpened(connection="ours-1", http_status=101),
        SocketClosed(connection="ours-1", code=1006),
        ApiCalled(action="refer", request_id="req_1"),
    ]
    assert {fact.sequence for fact in facts} == {None}
