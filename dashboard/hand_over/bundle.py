"""A bundle for a provider's support: questions answered, its side's events, the report and the timeline.

Ids stay true, for by them the provider finds the call; numbers, names, words and keys are hidden.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.template.loader import render_to_string

from callstore.domain.facts.clock import iso
from callstore.domain.facts.record import Record
from callstore.report.disguise.deliveries import as_read
from callstore.report.disguise.facts import disguised
from callstore.report.disguise.hidden import hidden, hiding
from callstore.report.disguise.text import Scrub
from callstore.report.disguise.values import Fields
from callstore.report.document import Document
from dashboard.call.text_report import text_report
from dashboard.call.timeline import timeline
from dashboard.hand_over.collected import Collected
from dashboard.hand_over.drawing import drawing
from dashboard.hand_over.questions import NAMES, Vendor, questions
from dashboard.hand_over.styles import style
from dashboard.hand_over.written_report import written_report

README = """This bundle is about one telephone call, for the support of {vendor}.

questions.md    what your support needs to know, answered from the call
events.jsonl    the events of your side, and those of the other that tell of both, by their time
timeline.svg    all sides on one axis
report.html     the whole report (report.txt the same in short)
manifest.json   the SHA-256 of each file

Ids are true. Telephone numbers, names, pressed keys and words are hidden: [number 1] is the same number
everywhere, each letter that was spoken is an x and each digit a 0. delivery_hmac_sha256 is of the delivery as
it came to us, by a key that stays with us: with it we can prove later what was hidden.
"""


def bundle(of: Collected, vendor: Vendor, *, by: str, at: datetime, secret: bytes) -> dict[str, bytes]:
    """The bundle's files by their names; the manifest last. `secret` is the key of deliveries' digests."""
    scrub = hiding(of.facts)
    call = hidden(of.facts, scrub, settings.FINISH_TOOLS)
    facts = list(disguised(of.facts, scrub))
    files = {
        "README.txt": README.format(vendor=NAMES[vendor]).encode(),
        "questions.md": questions(vendor, call, facts).encode(),
        "events.jsonl": b"".join(_events(of, facts, vendor, scrub, secret)),
        "timeline.svg": _timeline(call),
        "report.html": _page(call, at),
        "report.txt": text_report(call).encode(),
    }
    return files | {"manifest.json": _manifest(of, files, vendor, by, at)}


def _manifest(of: Collected, files: Mapping[str, bytes], vendor: Vendor, by: str, at: datetime) -> bytes:
    told = {
        "schema": "callstore_bundle/1",
        "for": vendor,
        "made_at": iso(at.timestamp()),
        "made_by": by,
        "call_id": of.call["call_id"],
        "query": of.call.get("child_call_sid") or of.call.get("parent_call_sid") or of.call.get("ai_call_id"),
        "rules_version": of.call.get("rules_version"),
        "verdict": of.call.get("verdict"),
        "cause": of.call.get("cause"),
        "redaction_profile": "numbers, names, keys and words",
        "files": {
            name: {"sha256": _digest(content), "bytes": len(content)} for name, content in files.items()
        },
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2)


def _events(
    of: Collected, facts: list[Record], vendor: Vendor, scrub: Scrub, secret: bytes
) -> Iterator[bytes]:
    """Each event as a line: what it says, its delivery as JSON, and the digest of the delivery as it came.

    The digest takes a key: by a plain one who knows all but a telephone number finds that by trying all.
    """
    fields, kept = Fields(scrub), {fact.position: fact for fact in facts}
    for event in sorted(of.events, key=lambda event: (event["occurred_at"], event["position"])):
        if event["position"] in kept and _concerns(vendor, event):
            body = event.get("body") or ""
            line = {
                **{name: event[name] for name in ENVELOPE},
                "subject": scrub.text(event["subject"]),
                "facts": fields.value("", {**event["facts"], **(event["personal"] or {})}),
                "delivery": as_read(body, fields) if body else None,
                "delivery_hmac_sha256": _keyed(secret, body) if body else None,
            }
            yield orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


ENVELOPE = (
    "position", "source", "type", "occurred_at", "clock", "precision_ms", "received_at", "sequence",
)  # fmt: skip


def _concerns(vendor: Vendor, event: Mapping[str, Any]) -> bool:
    """Whether a vendor needs the event: its own side's, the legs', what was heard."""
    of_the_ai = event["subject"].startswith("openai:")
    if event["type"].startswith("app.") or event["source"] == "operator":
        return False
    if vendor == "openai":
        return of_the_ai or event["type"] in ("leg.status", "leg.summarised", "recording.analysed")
    return not of_the_ai or event["source"] == "openai"


def _timeline(call: Document) -> bytes:
    shown = {"drawing": drawing(timeline(call)), "standalone": True, "style": style("timeline")}
    return render_to_string("dashboard/hand_over/timeline.svg", shown).encode()


def _page(call: Document, at: datetime) -> bytes:
    shown = {
        **written_report(call, {"from": call.get("from"), "to": call.get("to")}),
        "style": style("timeline", "report"),
        "shared": True,
        "hides_words": True,
        "made_at": iso(at.timestamp()),
    }
    return render_to_string("dashboard/hand_over/report.html", shown).encode()


def _keyed(secret: bytes, body: str) -> str:
    return hmac.digest(secret, b"delivery:" + body.encode(), hashlib.sha256).hex()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
