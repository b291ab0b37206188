"""Bodies of /hooks/app/ as CloudEvents: one object, a JSON array, or a line each.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from callstore.domain.facts import ids
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.record import Ref
from ingest.dialects import json_batch, parse
from ingest.dialects.json_batch import Unreadable

# The source of what our own observer tells: its clock is ours, and is not set right by the application's.
OBSERVER = "/callstore/watch"
_MENTIONS = frozenset({"twilio_call_sid", "stream_sid"})


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """One event with its required attributes; `data` is an empty object where there is none to read."""

    id: str
    source: str
    type: str
    time: float | None
    subject: str | None
    data: Mapping[str, Any]
    received_at: float
    raw: bytes

    @property
    def key(self) -> str:
        return parse.named("ce", self.source, self.id)

    @property
    def clock(self) -> Clock:
        """Whose clock it was that stamped it."""
        return Clock.RECEIVER if self.source == OBSERVER else Clock.APP

    @property
    def instant(self) -> Instant:
        if self.time is None:
            return Instant(self.received_at, Clock.RECEIVER)
        return Instant(self.time, self.clock)

    @property
    def session(self) -> str | None:
        """The AI call that the data names (`openai:rtc_…`)."""
        call_id = parse.text(self.data.get("call_id"))
        return None if call_id is None else parse.named("openai", call_id)

    @property
    def mentioned(self) -> tuple[Ref, ...]:
        """The leg and the media stream that the data names: what joins a session without SIP headers."""
        if self.data.keys().isdisjoint(_MENTIONS):  # as those of nearly every frame
            return ()
        leg = ids.leg_subject(parse.text(self.data.get("twilio_call_sid")))
        stream = parse.text(self.data.get("stream_sid"))
        refs = [Ref("twilio_call_sid", leg)] if leg else []
        if stream and ids.STREAM_SID.fullmatch(stream):
            refs.append(Ref("stream_sid", parse.named("twilio", stream)))
        return tuple(refs)

    @property
    def call(self) -> str | None:
        """The subject, where it names a call."""
        return self.subject if self.subject and ids.is_of_a_call(self.subject) else None


def elements(body: bytes) -> list[object]:
    """The values in a body, in order; Unreadable stands for each element, or line, that is none."""
    found = json_batch.elements(body)
    if found and not _some_readable(found):
        lines = [json_batch.read(line) for line in body.splitlines() if line.strip()]
        return lines if _some_readable(lines) else found
    return found


def _some_readable(found: list[object]) -> bool:
    return any(not isinstance(element, Unreadable) for element in found)


def fault(element: object) -> str | None:
    """Why this is no CloudEvent 1.x, in words for whoever sent it, or None."""
    if isinstance(element, Unreadable):
        return element.error
    if not isinstance(element, dict):
        return "not a JSON object"
    for name in ("specversion", "id", "source", "type"):
        value = element.get(name)
        if not isinstance(value, str) or not value.strip():
            return f"{name} must be a non-empty string"
    if not element["specversion"].startswith("1."):
        return f"specversion {element['specversion'][:20]} is not supported; send 1.0"
    if element.get("time") is not None and parse.iso_time(element["time"]) is None:
        return "time must be ISO 8601, like 2026-04-13T00:18:52.550Z"
    if element.get("subject") is not None and not isinstance(element["subject"], str):
        return "subject must be a string"
    return None


def cloud_event(element: dict[str, Any], received_at: float) -> CloudEvent:
    """A value without fault as an event."""
    subject = parse.text(element.get("subject"))
    return CloudEvent(
        id=element["id"].replace("\0", ""),
        source=element["source"].replace("\0", ""),
        type=element["type"].replace("\0", ""),
        time=parse.iso_time(element.get("time")),
        subject=None if subject is None else parse.named(subject),
        data=_data(element),
        received_at=received_at,
        raw=orjson.dumps(element),
    )


def _data(element: dict[str, Any]) -> Mapping[str, Any]:
    """The data as an object: JSON within base64 is read, and a text is its message."""
    data = element.get("data")
    if data is None and isinstance(packed := element.get("data_base64"), str):
        try:
            data = orjson.loads(base64.b64decode(packed, validate=True))
        except ValueError:
            return {}
    return {"message": data} if isinstance(data, str) else parse.mapping(data)
