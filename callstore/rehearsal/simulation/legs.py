"""Twilio's side of a call: the caller's leg, the menu, the leg to the AI, and what is told of them."""

from collections.abc import Mapping

from callstore.rehearsal.simulation.cast import Line
from callstore.rehearsal.simulation.stage import SITE, Stage, stamp

STATES = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}
MENU = (
    '<Response><Gather numDigits="1" action="{site}/hooks/twilio/voice/gather?menu=main">'
    "<Say>Press one for the assistant.</Say></Gather></Response>"
)
DIAL = (
    '<Response><Dial action="{site}/hooks/twilio/voice/dial-action?route=ai"><Sip statusCallback='
    '"{site}/hooks/twilio/status/child" statusCallbackEvent="initiated ringing answered completed">'
    "{to}?{header}={parent}&amp;X-Agent={agent}&amp;X-Agent-Version={version}</Sip></Dial></Response>"
)
HANGUP = "<Response><Hangup/></Response>"


class Legs:
    """The parent and the child of one call. `streamed`: Event Streams copies its statuses, too."""

    def __init__(self, stage: Stage, line: Line, caller: str, streamed: bool) -> None:
        ids = stage.ids
        self.stage, self.line, self.caller, self.streamed = stage, line, caller, streamed
        self.parent, self.child = ids.twilio("CA"), ids.twilio("CA")
        self.sip_call_id = f"{ids.hexadecimal(32)}@0.0.0.0"
        self.to = f"sip:{line.agent.project}@sip.api.openai.com;transport=tls"
        self.began = self.dialled = self.answered = self.ended = self.left = 0.0
        self._sequence = 0

    def ring(self, at: float) -> None:
        """The caller rings, and hears the menu."""
        self.began = at
        self.asked(at, "voice/inbound", "ringing", {}, MENU.format(site=SITE))

    def choose(self, at: float, digit: str) -> None:
        """The caller presses a key, and is put through."""
        pressed = {"Digits": digit, "FinishedOnKey": "", "msg": "Gather End"}
        self.asked(at, "voice/gather?menu=main", "in-progress", pressed, self._dial())
        self.dialled = at + self.stage.rng.uniform(0.15, 0.4)
        self._child_is("initiated", self.dialled)

    def _dial(self) -> str:
        header = "SipHeader_X-Parent-CallSid" if self.line.bad_header else "X-Parent-CallSid"
        agent, version = self.line.agent.name, self.line.agent.version(self.began)
        return DIAL.format(
            site=SITE, to=self.to, header=header, parent=self.parent, agent=agent, version=version
        )

    def invite(self) -> dict[str, str]:
        """The headers of the INVITE to the AI."""
        branch, tag = self.stage.ids.hexadecimal(24), self.stage.ids.hexadecimal(16)
        headers = {
            "Via": f"SIP/2.0/TLS 203.0.113.7:5061;rport;branch=z9hG4bK{branch}",
            "From": f'"{self.caller}" <sip:{self.caller}@sip.twilio.com>;tag={tag}',
            "To": f"<{self.to}>",
            "Call-ID": self.sip_call_id,
            "CSeq": "4711 INVITE",
            "User-Agent": "Twilio Gateway",
            "X-Twilio-AccountSid": self.stage.account,
            "X-Twilio-CallSid": self.child,
            "X-Agent": self.line.agent.name,
            "X-Agent-Version": self.line.agent.version(self.began),
        }
        return headers if self.line.bad_header else {**headers, "X-Parent-CallSid": self.parent}

    def rings_at_the_ai(self, at: float) -> None:
        self._child_is("ringing", at)

    def is_answered(self, at: float) -> None:
        self.answered = at
        self._child_is("in-progress", at)

    def child_ends(self, at: float, status: str, sip: int, parent_status: str = "in-progress") -> None:
        """The AI's leg ends, and Twilio asks what now, whether the caller is still there or not."""
        rng = self.stage.rng
        dialled = self.child_ended(at, status, sip)
        asked = at + rng.uniform(0.02, 0.2)
        self.asked(asked, "voice/dial-action?route=ai", parent_status, dialled, HANGUP)
        if parent_status == "in-progress":
            self.parent_ends(asked + rng.uniform(0.1, 0.3))

    def is_dialled_again(self, at: float, path: str, told: Mapping[str, str]) -> None:
        """The caller is put through to the AI once more, by our answer to this request."""
        ids = self.stage.ids
        self.asked(at, path, "in-progress", told, self._dial())
        self.child, self.sip_call_id = ids.twilio("CA"), f"{ids.hexadecimal(32)}@0.0.0.0"
        self._sequence, self.dialled = 0, at + 0.4
        self._child_is("initiated", self.dialled)

    def child_ended(self, at: float, status: str, sip: int) -> dict[str, str]:
        """Tells of the end of the AI's leg. Returns what the dial action says of it."""
        length = str(max(0, round(at - self.answered))) if self.answered else "0"
        ended = {"Duration": "1" if self.answered else "0", "CallDuration": length}
        self._child_is(status, at, {**ended, "SipResponseCode": str(sip)})
        self.ended = at
        dialled = {
            "DialCallStatus": status,
            "DialCallSid": self.child,
            "DialBridged": "true" if self.answered else "false",
            "DialSipResponseCode": str(sip),
            "DialSipCallId": self.sip_call_id,
        }
        return {**dialled, "DialCallDuration": length} if self.answered else dialled

    def parent_ends(self, at: float) -> None:
        """The caller's leg ends, in which they leave, or our answer lets them go."""
        self.left = at
        seconds = round(at - self.began)
        told = {
            **self._parent("completed"),
            "Timestamp": stamp(at),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": "0",
            "Duration": str(1 + seconds // 60),
            "CallDuration": str(seconds),
        }
        self._status(at, "parent", "completed", told)

    def asked(self, at: float, path: str, status: str, more: Mapping[str, str], answer: str) -> None:
        """A TwiML request: our copy of it, and the application's account of the same with its answer."""
        asked = {**self._parent(status), **more}
        self.stage.twilio(at, f"/hooks/twilio/{path}", asked)
        exchange = {"url": f"{SITE}/hooks/twilio/{path}", "params": asked, "status": 200, "response": answer}
        self.stage.app(at + 0.01, "twilio.exchange", f"twilio:{self.parent}", exchange)

    def _child_is(self, status: str, at: float, more: Mapping[str, str] | None = None) -> None:
        self.leg_is(self.child, self.to, self._sequence, status, at, more)
        self._sequence += 1

    def leg_is(
        self, leg: str, to: str, sequence: int, status: str, at: float, more: Mapping[str, str] | None = None
    ) -> None:
        """A callback about a leg that the caller's leg dialled."""
        told = {
            "ApiVersion": "2010-04-01",
            "Called": to,
            "ParentCallSid": self.parent,
            "CallStatus": status,
            "From": self.caller,
            "Direction": "outbound-dial",
            "Timestamp": stamp(at),
            "AccountSid": self.stage.account,
            "CallbackSource": "call-progress-events",
            "CalledVia": self.line.number,
            "Caller": self.caller,
            "SequenceNumber": str(sequence),
            "CallSid": leg,
            "To": to,
            "ForwardedFrom": self.line.number,
            **(more or {}),
        }
        self._status(at, "child", status, told)

    def _status(self, at: float, leg: str, status: str, told: Mapping[str, str]) -> None:
        path = f"/hooks/twilio/status/{leg}"
        self.stage.twilio(at, path, told)
        if not self.streamed:
            return
        data = {
            "sid": told["CallSid"],
            "requestDateCreated": stamp(at),
            "eventSid": self.stage.ids.twilio("VW"),
            "request": {"method": "POST", "url": SITE + path, "parameters": told},
            "response": {"responseCode": 204, "requestDuration": 40, "contentType": "", "responseBody": ""},
        }
        made = at + self.stage.rng.uniform(3.0, 20.0)
        kind = f"status-callback.call.{STATES.get(status, status)}"
        self.stage.stream(made, self.stage.account, kind, "Voice.WebhookEvent/2", data)

    def _parent(self, status: str) -> dict[str, str]:
        places = {
            f"{end}{part}": ""
            for end in ("Called", "Caller", "From", "To")
            for part in ("City", "State", "Zip")
        }
        countries = {f"{end}Country": self.line.country for end in ("Called", "Caller", "From", "To")}
        return {
            "AccountSid": self.stage.account,
            "ApiVersion": "2010-04-01",
            "CallSid": self.parent,
            "CallStatus": status,
            "Called": self.line.number,
            "Caller": self.caller,
            "Direction": "inbound",
            "From": self.caller,
            "To": self.line.number,
            **places,
            **countries,
        }
