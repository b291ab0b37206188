"""Plays Twilio and OpenAI to a callstore: a call whose AI session closes while the caller still speaks.

`python docs/first_call.py http://127.0.0.1:8000`, with the secrets of that instance in the environment. What
Twilio sends is signed by Twilio's own package, and goes through the same doors as theirs. The AI's session is
a websocket at OPENAI_REALTIME_URL, to which the instance's own observer attaches, as it would to OpenAI's.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import sys
import time
import urllib.parse
import urllib.request
from email.utils import formatdate
from pathlib import Path

from twilio.request_validator import RequestValidator

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from callstore.rehearsal.sideband.script import Play, Said, Script
from callstore.rehearsal.sideband.server import Sideband

URL = sys.argv[1].rstrip("/")
ACCOUNT, TOKEN = os.environ["TWILIO_ACCOUNTS"].split(",")[0].split(":")
WEBHOOK_KEY = base64.b64decode(os.environ["OPENAI_WEBHOOK_SECRETS"].split(",")[0].removeprefix("whsec_"))
SIDEBAND_PORT = urllib.parse.urlsplit(os.environ["OPENAI_REALTIME_URL"]).port or 0
PARENT, CHILD = (f"CA{secrets.token_hex(16)}" for _ in range(2))
AI_CALL = f"rtc_{secrets.token_hex(16)}"
CALLER, NUMBER, AGENT = "+15005550006", "+15005550001", "sip:proj_first@sip.api.openai.com;transport=tls"
ITEM = {"item_id": "item_1"}
FRAMES = [  # what the session says, each so many seconds after the one before
    (0.1, {"type": "session.created", "session": {"id": "sess_first", "model": "gpt-realtime", "tools": []}}),
    (0.9, {"type": "input_audio_buffer.speech_started", "audio_start_ms": 900, **ITEM}),
    (1.2, {"type": "input_audio_buffer.speech_stopped", "audio_end_ms": 2100, **ITEM}),
    (0.1, {"type": "input_audio_buffer.committed", **ITEM}),
    (0.3, {"type": "conversation.item.input_audio_transcription.completed", "content_index": 0,
           "transcript": "I would like to move my appointment.", **ITEM}),
    (0.1, {"type": "response.created", "response": {"id": "resp_1", "status": "in_progress"}}),
    (0.2, {"type": "output_audio_buffer.started", "response_id": "resp_1"}),
    (0.8, {"type": "response.output_audio_transcript.done", "response_id": "resp_1", "item_id": "item_2",
           "transcript": "Certainly. To which day?"}),
    (0.1, {"type": "response.done", "response": {"id": "resp_1", "status": "completed", "output": []}}),
    (0.2, {"type": "output_audio_buffer.stopped", "response_id": "resp_1"}),
    (0.8, {"type": "input_audio_buffer.speech_started", "audio_start_ms": 5000, "item_id": "item_3"}),
]  # fmt: skip


def post(path: str, body: bytes, headers: dict[str, str]) -> None:
    """Sends one delivery. Raises urllib.error.HTTPError where the door refuses it."""
    with urllib.request.urlopen(urllib.request.Request(URL + path, body, headers), timeout=10) as answer:
        print(answer.status, path, flush=True)


def twilio(path: str, **parameters: str) -> None:
    """One request of Twilio's, signed as Twilio signs."""
    form = {"AccountSid": ACCOUNT, "ApiVersion": "2010-04-01", "Timestamp": formatdate(), **parameters}
    signature = RequestValidator(TOKEN).compute_signature(URL + path, form)
    body = urllib.parse.urlencode(form).encode()
    post(path, body, {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"})


def leg(sid: str, status: str, number: int, **more: str) -> None:
    """A status callback of a leg."""
    about = {"Direction": "inbound", "From": CALLER, "To": NUMBER}
    if sid == CHILD:
        about = {"Direction": "outbound-dial", "From": CALLER, "To": AGENT, "ParentCallSid": PARENT}
    counted = {"CallbackSource": "call-progress-events", "SequenceNumber": str(number)}
    twilio(f"/hooks/twilio/{sid[:2]}-status", CallSid=sid, CallStatus=status, **counted, **about, **more)


def openai() -> None:
    """The webhook of a call that waits for an answer, signed by Standard Webhooks."""
    headers = [{"name": "X-Twilio-CallSid", "value": CHILD}, {"name": "X-Parent-CallSid", "value": PARENT}]
    about = {"id": "evt_first", "object": "event", "created_at": int(time.time())}
    data = {"call_id": AI_CALL, "sip_headers": headers}
    body = json.dumps({**about, "type": "realtime.call.incoming", "data": data}).encode()
    id_, at = f"wh_{secrets.token_hex(16)}", str(int(time.time()))
    digest = hmac.new(WEBHOOK_KEY, f"{id_}.{at}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    proof = {"webhook-id": id_, "webhook-timestamp": at, "webhook-signature": signature}
    post("/hooks/openai/", body, {"Content-Type": "application/json", **proof})


def main() -> None:
    said = [
        Said(json.dumps({"event_id": f"event_{n}", **frame}), wait) for n, (wait, frame) in enumerate(FRAMES)
    ]
    session = Script.of(Play(said, code=1000, stays_s=1.5))
    with Sideband({AI_CALL: session}).in_thread(SIDEBAND_PORT):
        leg(PARENT, "in-progress", 0)
        leg(CHILD, "initiated", 0)
        openai()
        leg(CHILD, "in-progress", 2)
        time.sleep(sum(wait for wait, _ in FRAMES) + 2.5)  # the session is over, and its observer has seen it
        leg(CHILD, "completed", 3, CallDuration="7", SipResponseCode="200")
        time.sleep(1.5)
        leg(PARENT, "completed", 1, CallDuration="9")
    print(f"{URL}/calls/{PARENT}")


if __name__ == "__main__":
    main()
