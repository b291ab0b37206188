"""Facts of realistic calls in any number: some told stories, again and again under ids of their own."""

import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice

import orjson

from callstore.domain.facts import codec, ids
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.record import Draft, Ref
from callstore.rehearsal.simulation.load import calls
from ingest.providers.provider import normalise

STORIES = 60
IDS = re.compile(rf"\b(?:CA|RE){ids.DIGITS}\b|\brtc_\w+|\b[0-9a-f]{{32}}@".encode())


def stories(count: int = STORIES) -> list[list[Draft]]:
    """So many different calls as drafts, each in the order of arrival. The same ones every time."""
    told = calls(count, seed="benchmarks", hours=1.0)
    return [[d for delivery in call.deliveries for d in normalise(delivery)] for call in told]


def copies(told: list[list[Draft]], ending: float | None = None) -> Iterator[list[Draft]]:
    """Calls without end: each story under fresh ids, its last fact arriving at `ending` (Unix s; now)."""
    for original in cycle(told):
        yield copy(original, ending or time.time())


def copy(original: list[Draft], ending: float) -> list[Draft]:
    """The same call under fresh ids."""
    moved = ending - max(draft.received_at for draft in original)
    new: dict[bytes, bytes] = {}

    def renamed(found: re.Match[bytes]) -> bytes:
        id_ = found[0]
        if id_ not in new:
            prefix = id_[:2] if id_[:2].isupper() else b"rtc_" if id_.startswith(b"rtc_") else b""
            new[id_] = prefix + secrets.token_hex(16).encode() + (b"@" if id_.endswith(b"@") else b"")
        return new[id_]

    drafts = []
    for draft in original:
        type_, facts, personal = codec.encode(draft.event)
        names = [draft.subject, draft.key, *(part for ref in draft.refs for part in (ref.rule, ref.id))]
        text = IDS.sub(renamed, orjson.dumps([names, facts, personal]))
        (subject, key, *refs), facts, personal = orjson.loads(text)
        drafts.append(
            replace(
                draft,
                subject=subject,
                key=key,
                refs=tuple(Ref(*pair) for pair in zip(refs[::2], refs[1::2], strict=True)),
                event=codec.decode(type_, facts, personal),
                occurred=Instant(
                    draft.occurred.at + moved, Clock(draft.occurred.clock), draft.occurred.precision_ms
                ),
                received_at=draft.received_at + moved,
            )
        )
    return drafts


def some(events: int) -> Iterator[list[Draft]]:
    """Calls of about so many events together."""
    made = 0
    for call in copies(stories()):
        yield call
        made += len(call)
        if made >= events:
            return


def batches(drafts: Iterator[Draft], size: int) -> Iterator[list[Draft]]:
    while batch := list(islice(drafts, size)):
        yield batch
