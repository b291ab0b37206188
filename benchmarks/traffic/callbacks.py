"""Twilio's progress callbacks as it sends them, for calls that nobody made."""

import secrets
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlencode

from callstore.settings import DEMO_SETTINGS
from ingest.providers.delivery import Delivery

ACCOUNT, _, TOKEN = DEMO_SETTINGS["TWILIO_ACCOUNTS"].partition(":")
HEADERS = {
    "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
    "user-agent": "TwilioProxy/1.1",
    "accept": "*/*",
}
EACH = 8  # callbacks of a call
LIVE = 100  # calls under way at once; their callbacks come in turns
OF_A_CHILD = ("initiated", "ringing", "in-progress", "completed")


def callbacks(count: int) -> list[Delivery]:
    """So many, unsigned, each a new fact."""
    made: list[Delivery] = []
    while len(made) < count:
        calls = [f"CA{secrets.token_hex(16)}" for _ in range(LIVE)]
        made += [callback(call, number) for number in range(EACH) for call in calls]
    return made[:count]


def of_children(count: int) -> list[Delivery]:
    """So many, unsigned, each a new fact: the four of a child leg that names its parent, then the next leg's.

    Whoever sends them on many connections has those of one leg under way together, and most are of legs that
    nobody has met before.
    """
    made: list[Delivery] = []
    while len(made) < count:
        child, parent = (f"CA{secrets.token_hex(16)}" for _ in range(2))
        made += [
            callback(child, number, ParentCallSid=parent, CallStatus=status)
            for number, status in enumerate(OF_A_CHILD)
        ]
    return made[:count]


def callback(call: str, number: int, **more: str) -> Delivery:
    """The one of this number of a call."""
    now = time.time()
    fields = {
        "ApiVersion": "2010-04-01",
        "Called": "sip:proj_Ab12Cd34Ef56Gh78@sip.api.openai.com;transport=tls",
        "CallStatus": "initiated",
        "From": "+81355500123",
        "Direction": "outbound-dial",
        "Timestamp": format_datetime(datetime.fromtimestamp(int(now), UTC)),
        "AccountSid": ACCOUNT,
        "CallbackSource": "call-progress-events",
        "CalledVia": "+815055509876",
        "Caller": "+81355500123",
        "SequenceNumber": number,
        "CallSid": call,
        "To": "sip:proj_Ab12Cd34Ef56Gh78@sip.api.openai.com;transport=tls",
        "ForwardedFrom": "+815055509876",
        **more,
    }
    headers = {**HEADERS, "i-twilio-idempotency-token": secrets.token_hex(16)}
    return Delivery(
        door="twilio",
        path="/hooks/twilio/status",
        headers=headers,
        body=urlencode(fields).encode(),
        received_at=now,
    )
