"""What Twilio says of a call besides its progress: debugger warnings, and Voice Insights afterwards."""

import orjson

from callstore.domain.facts.clock import iso
from callstore.rehearsal.simulation.legs import Legs

PARTIAL_S, COMPLETE_S = 330.0, 1500.0  # after the end (twilio.com/docs/voice/voice-insights)


def warn(legs: Legs, at: float, code: str, level: str, message: str, about: str | None = None) -> None:
    """A debugger notification about the child, or another leg."""
    stage = legs.stage
    payload = {
        "resource_sid": about or legs.child,
        "service_sid": None,
        "error_code": code,
        "more_info": {"Msg": message, "ErrorCode": code, "LogLevel": level},
        "webhook": {
            "type": "application/json",
            "request": {"url": legs.to, "method": "INVITE", "headers": {}, "parameters": {"To": legs.to}},
            "response": {"status_code": None, "headers": {}, "body": None},
        },
    }
    told = {
        "AccountSid": stage.account,
        "Level": level,
        "ParentAccountSid": "",
        "Payload": orjson.dumps(payload).decode(),
        "PayloadType": "application/json",
        "Sid": stage.ids.twilio("NO"),
        "Timestamp": f"{str(iso(at))[:19]}Z",
    }
    stage.twilio(at + 0.5, "/hooks/twilio/debugger", told)


def summarise(legs: Legs, child_left: str, parent_left: str) -> None:
    """The summaries of both legs, the partial and the complete; `*_left` is which side ended the leg."""
    for wait, state in ((PARTIAL_S, "partial"), (COMPLETE_S, "complete")):
        for sid, left in ((legs.child, child_left), (legs.parent, parent_left)):
            _summary(legs, sid, state, left, legs.ended + wait)


def _summary(legs: Legs, sid: str, state: str, left: str, at: float) -> None:
    child = sid == legs.child
    began = legs.dialled if child else legs.began
    edge = {"sip_call_id": legs.sip_call_id, "edge_location": "ashburn", "direction": "outbound"}
    data = {
        "call_sid": sid,
        "account_sid": legs.stage.account,
        "parent_call_sid": legs.parent if child else "",
        "created_time": f"{str(iso(began))[:19]}Z",
        "start_time": f"{str(iso(began))[:19]}Z",
        "end_time": f"{str(iso(legs.ended))[:19]}Z",
        "duration": int(legs.ended - began),
        "connect_duration": int(legs.ended - (legs.answered if child else began)),
        "call_type": "sip" if child else "carrier",
        "call_state": "completed",
        "processing_state": state,
        "processing_version": 4,
        "sip_edge": {"properties": edge} if child else None,
        "carrier_edge": None,
        "sdk_edge": None,
        "client_edge": None,
        "tags": [],
        "attributes": {"conference_participant": False},
        "properties": {
            "last_sip_response_num": 200,
            "pdd_ms": 1180,
            "disconnected_by": left if state == "complete" else None,
            "direction": "outbound_dial" if child else "inbound",
        },
    }
    source = f"/v1/Voice/{sid}/Summary"
    legs.stage.stream(at, source, f"insights.call-summary.{state}", "VoiceInsights.CallSummary/8", data)
