"""Which of a call's deliveries are lost, in the tests of what brings them back, and what may differ then."""

import json
import re
from urllib.parse import parse_qsl

from callstore.domain.facts.clock import unix


def form(delivery):
    return {} if delivery.door != "twilio" or delivery.is_json else dict(parse_qsl(delivery.body.decode()))


def ends_a_leg(delivery):
    return form(delivery).get("CallStatus") == "completed" and "CallbackSource" in form(delivery)


def child_end(call):
    """Every delivery of the child's `completed`, its copy by Event Streams too."""

    def lost(delivery):
        if ends_a_leg(delivery):
            return "ParentCallSid" in form(delivery)
        return delivery.is_json and delivery.door == "twilio" and b"call.completed" in delivery.body

    return lost


def all_after_the_answer(call):
    """Whatever Twilio sent after the child was answered."""
    answered = next(
        (d.received_at for d in call.deliveries
         if form(d).get("CallStatus") == "in-progress" and form(d)["Direction"].startswith("outbound")),
        0.0,
    )  # fmt: skip

    def lost(delivery):
        late_menu = "Digits" in form(delivery)  # which was pressed before
        return delivery.door == "twilio" and delivery.received_at > answered and not late_menu

    return lost


# When and in how many events we learned of it, and that we asked; which of two equal silences is the longest.
LEARNED = {
    "dead_air",
    "position", "positions", "first_position", "last_position", "event_count", "detection_lag_s", "backfill",
    "clock", "precision_ms", "source_details", "expected_until", "sources", "evidence_missing", "missing",
    "settle", "ingest_lag_p95_ms",
}  # fmt: skip


def differences(a, b, at=""):
    if isinstance(a, dict) and isinstance(b, dict):
        pairs = [(f"{at}.{name}", a.get(name), b.get(name)) for name in sorted({*a, *b})]
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        pairs = [(f"{at}[{n}]", *pair) for n, pair in enumerate(zip(a, b, strict=True))]
    else:
        return [] if alike(a, b) else [f"{at}: {json.dumps(a)[:300]} → {json.dumps(b)[:300]}"]
    return [found for where, one, other in pairs for found in differences(one, other, where)]


def alike(a, b):
    """The same, but for the second to which Twilio's API cuts its stamps, and what is reckoned from it."""
    if isinstance(a, float | int) and isinstance(b, float | int):
        return abs(a - b) <= 1.0
    if isinstance(a, str) and isinstance(b, str) and re.match(r"20\d\d-\d\d-", a):
        return abs(unix(a) - unix(b)) <= 1.0
    return a == b
