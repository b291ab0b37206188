"""One event of a call under the glass: how it came, who proved it, what was made of it. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from callstore.report.document import Document
from dashboard.call.timeline import Timeline
from dashboard.export.masking import masked, masked_body

# The source of a fact → what had to hold before it was read (doc.md of each provider).
PROOF = {
    "twilio": "X-Twilio-Signature held, by a token of the account, before anything was read",
    "openai": "the webhook's signature held (Standard Webhooks, within 300 s), or it came on our own socket",
    "app": "the application's bearer token held",
    "audio": "our own: what was heard in the recording",
    "operator": "our own: an operator's act",
    "status_page": "fetched by us from the page that STATUS_FEEDS names",
}
ASKED = "fetched by us from Twilio's API, over TLS and with the account's token; no callback brought it"


class Use(NamedTuple):
    """What an event was used for: the kind of conclusion, its name, and what it says."""

    kind: str
    name: str
    says: str


class EventLine(NamedTuple):
    """An event as a row of the log: `late_s` is how long after it happened it arrived."""

    position: int
    occurred_at: str
    precision_s: float | None
    late_s: float
    source: str
    type: str
    brief: str


def line(event: Mapping[str, Any]) -> EventLine:
    """The row of an event, its numbers masked."""
    told = masked({**event["facts"], **(event["personal"] or {})})
    precise = event["precision_ms"]
    return EventLine(
        event["position"],
        event["occurred_at"],
        precise / 1000 if precise > 1 else None,
        (_moment(event["received_at"]) - _moment(event["occurred_at"])).total_seconds(),
        event["source"],
        event["type"],
        " · ".join(f"{name}: {_plain(value)}" for name, value in told.items()) or "–",
    )


def proof(event: Mapping[str, Any]) -> str:
    """What had to hold before the event was read."""
    return ASKED if event["facts"].get("backfilled") else PROOF.get(event["source"], event["source"])


def envelope(event: Mapping[str, Any], *, whole: bool = False) -> str:
    """The event as JSON without its delivery, masked unless it is to be whole."""
    bare = {name: value for name, value in event.items() if name != "body"}
    return orjson.dumps(bare if whole else masked(bare), option=orjson.OPT_INDENT_2).decode()


def delivery(event: Mapping[str, Any], *, whole: bool = False) -> str:
    """The delivery as it came, masked unless it is to be whole; "" where nothing is kept of it."""
    body = event.get("body") or ""
    return body if whole else masked_body(body)


def uses(document: Document, position: int) -> Iterator[Use]:
    """The findings and checks that rest on an event; the deciding finding first."""
    found = [each for each in document.get("findings") or () if position in each["positions"]]
    for finding in sorted(found, key=lambda each: each["slug"] != document.get("cause")):
        decided = finding["slug"] == document.get("cause")
        yield Use("decided" if decided else "finding", finding["slug"], finding["says"])
    judgement: Any = document.get("judgement") or {}
    for check in judgement.get("checks") or ():
        if position in check["positions"]:
            yield Use("evidence", check["check"], check["finding"])


def marks_of(axis: Timeline, position: int) -> list[dict[str, Any]]:
    """All marks that an event made, by time, each with its lane's name."""
    names = {lane["id"]: lane["name"] for lane in axis["lanes"]}
    made = [mark for mark in axis["marks"] if position in mark["positions"]]
    return [{**mark, "name": names[mark["lane"]]} for mark in sorted(made, key=lambda mark: mark["start_s"])]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _plain(value: object) -> str:
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else str(value)
