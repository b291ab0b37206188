"""A call as a scenario's folder, everything personal disguised. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from callstore.domain.facts import written
from callstore.domain.facts.events import RecordingAnalysed
from callstore.domain.facts.record import AUDIO, OPERATOR, STATUS_PAGE, Record
from callstore.domain.facts.vocabulary import CALL_FLAGS
from callstore.report.disguise.deliveries import as_sent, is_json
from callstore.report.disguise.disguise import Fake
from callstore.report.disguise.facts import disguised, known_ids
from callstore.report.disguise.text import Scrub
from callstore.report.disguise.values import Fields
from callstore.report.document import Document
from dashboard.hand_over.collected import Collected

NOT_DELIVERED = frozenset({AUDIO, OPERATOR, STATUS_PAGE})
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}
JSON = {"Content-Type": "application/json"}
EXACT = (
    "verdict", "cause", "verdict_confidence", "ended_first_by", "gap_kind", "truncation_basis", "ai_api",
    "topology", "direction", "parent_status", "child_status", "sip_response_code", "parent_duration_s",
    "child_duration_s", "ai_last_event_type", "ai_close_observed", "ai_close_code", "finish_tool_seen",
    "app_hangup_seen", "app_error_seen", "recording_state", "transcript_state",
)  # fmt: skip
SIDS = ("parent_call_sid", "child_call_sid", "ai_call_id")
SECONDS = (
    "ai_silence_before_end_s", "caller_speech_s", "untranscribed_caller_speech_s",
    "caller_speech_end_to_child_end_s", "response_time_p50_s", "longest_dead_air_s",
)  # fmt: skip
WITHIN_S = 0.05  # of seconds, which are rounded twice on their way
STORY = (
    "Kept from a real call. Numbers, SIP users, names, keys and ids are made up, every letter that was spoken"
    " is an x and every digit a 0; times are the call's own."
)


def fixture(of: Collected, secret: bytes, *, with_audio: frozenset[str] = frozenset()) -> dict[str, bytes]:
    """The folder's files by their names. `secret` decides the made-up numbers.

    `with_audio` are recordings that come along: what was heard in them is then not told, but heard again.
    """
    scrub = Scrub(Fake(secret), known_ids(of.facts), of.near)
    files = {
        "scenario.json": orjson.dumps(_scenario(of.call, scrub), option=orjson.OPT_INDENT_2),
        "deliveries.jsonl": _lines(_deliveries(of.events, Fields(scrub))),
    }
    facts = [fact for fact in of.facts if not _came_along(fact, with_audio) and _was_told_by_nobody(fact)]
    if facts:
        files["facts.jsonl"] = _lines(map(written.written, disguised(facts, scrub)))
    return files


def _scenario(call: Document, scrub: Scrub) -> dict[str, Any]:
    flags = call.get("flags") or []
    fields: Mapping[str, Any] = call
    expect: dict[str, Any] = {name: fields.get(name) for name in EXACT}
    expect |= {name: scrub.text(fields[name]) if fields.get(name) else None for name in SIDS}
    expect["flags"] = {
        "has": [flag for flag in CALL_FLAGS if flag in flags],
        "lacks": [flag for flag in CALL_FLAGS if flag not in flags],
    }
    for name in SECONDS:
        value: Any = call.get(name)
        expect[name] = None if value is None else {"about": value, "within": WITHIN_S}
    for name in ("warning_codes", "error_codes"):
        expect[name] = {"has": call.get(name) or []}
    return {"title": _title(call), "story": STORY, "expect": expect}


def _title(call: Document) -> str:
    return f"{call.get('verdict')} by {call.get('cause') or 'no finding'}"


def _deliveries(events: Sequence[Mapping[str, Any]], fields: Fields) -> Iterator[dict[str, Any]]:
    """Each delivery once, though it told several facts; neighbours that came together as one batch."""
    seen: set[str] = set()
    batch: dict[str, Any] | None = None
    for event in events:
        body = event.get("body")
        told = event["facts"].get("backfilled") or event["source"] in NOT_DELIVERED
        if not body or told or body in seen:
            continue
        seen.add(body)
        delivery = _delivery(event, body, fields)
        together = ("at", "door", "path", "headers")
        if batch is not None and batch["body"][0] == "[" and all(batch[n] == delivery[n] for n in together):
            batch["body"] = f"{batch['body'][:-1]},{delivery['body'][1:]}"
            continue
        if batch is not None:
            yield batch
        batch = delivery
    if batch is not None:
        yield batch


def _delivery(event: Mapping[str, Any], body: str, fields: Fields) -> dict[str, Any]:
    door, path, headers = "twilio", "/hooks/twilio/kept", dict(FORM)
    sent = as_sent(body, fields)
    if event["source"] == "openai":
        webhook = fields.scrub.text(str(event["dedup_key"]).partition(":")[2])
        door, path, headers = "openai", "/hooks/openai/", {**JSON, "webhook-id": webhook}
    elif is_json(body):
        try:
            whole = orjson.loads(sent)
        except orjson.JSONDecodeError:  # masked as text, which it was, or nested too deep
            whole = None
        door, path, headers = "twilio", "/hooks/twilio/events", JSON
        kind = str(whole.get("type")) if isinstance(whole, dict) and "specversion" in whole else "com.twilio."
        if not kind.startswith("com.twilio."):
            door, path, headers = "app", "/hooks/app/", BATCH
        sent = sent if sent.startswith("[") else f"[{sent}]"
    else:
        told = event["facts"]
        agent = f"?agent={told['agent']}" if told.get("agent") else ""
        path = fields.scrub.text(f"{_below_hooks(told.get('path'))}{agent}")
        if token := told.get("request"):
            headers["I-Twilio-Idempotency-Token"] = fields.scrub.text(token)
    return {"at": event["received_at"], "door": door, "path": path, "headers": headers, "body": sent}


def _below_hooks(path: object) -> str:
    return path if isinstance(path, str) and path.startswith("/hooks/twilio/") else "/hooks/twilio/kept"


def _was_told_by_nobody(fact: Record) -> bool:
    return fact.backfilled or fact.source in NOT_DELIVERED


def _came_along(fact: Record, with_audio: frozenset[str]) -> bool:
    return isinstance(fact.event, RecordingAnalysed) and fact.event.recording in with_audio


def _lines(objects: Iterator[Any]) -> bytes:
    return b"".join(orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE) for each in objects)
