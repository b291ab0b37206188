"""The least that answers a call: takes OpenAI's webhook, and accepts the call with a model and instructions.

`python docs/first_agent.py 9000`, with OPENAI_API_KEY and AGENT_WEBHOOK_SECRET in the environment. It is for
the first call alone: it neither watches the session nor ends it, and forgets at once what it was asked.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

API = os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"
AGENT = {
    "type": "realtime",
    "model": "gpt-realtime",
    "instructions": "You answer the phone of a small shop. Greet the caller, and answer in one sentence.",
    "audio": {"input": {"transcription": {"model": "gpt-4o-transcribe"}}},
}


def is_openais(headers, body: bytes) -> bool:
    """Whether the signature holds, by Standard Webhooks, and is of the last five minutes."""
    key = base64.b64decode(os.environ["AGENT_WEBHOOK_SECRET"].removeprefix("whsec_"))
    id_, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "0")
    signed = base64.b64encode(hmac.new(key, f"{id_}.{at}.".encode() + body, hashlib.sha256).digest())
    offered = [part.removeprefix("v1,") for part in headers.get("webhook-signature", "").split()]
    right = any(hmac.compare_digest(signed, each.encode()) for each in offered)
    return right and at.isdecimal() and abs(time.time() - int(at)) < 300


def accept(call_id: str) -> None:
    """Answers the call; says what OpenAI said."""
    headers = {"Authorization": f"Bearer {os.environ['OPENAI_API_KEY']}", "Content-Type": "application/json"}
    url = f"{API}/realtime/calls/{call_id}/accept"
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, json.dumps(AGENT).encode(), headers)
        ) as answer:
            print(answer.status, call_id, flush=True)
    except urllib.error.HTTPError as error:
        print(error.code, call_id, error.read().decode(), flush=True)


class Webhook(BaseHTTPRequestHandler):
    """OpenAI's webhook."""

    def do_POST(self) -> None:
        """Accepts the call that waits; the webhook is answered first, so that it does not come again."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        believed = is_openais(self.headers, body)
        self.send_response(200 if believed else 400)
        self.send_header("Content-Length", "0")
        self.end_headers()
        if believed and json.loads(body)["type"] == "realtime.call.incoming":
            accept(json.loads(body)["data"]["call_id"])


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Webhook).serve_forever()
