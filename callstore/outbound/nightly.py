"""A file each night: the calls of a day whose verdict settled or changed then, one JSON object a line.

Three objects of the recording storage tell of a day: calls, manifest, and a checksum for `sha256sum -c`.
The manifest is written last: where it stands, the rest is whole.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import BinaryIO, cast
from uuid import UUID

import orjson

from callstore.media.storage import storage
from callstore.outbound.models import NightlyFile, first_day
from callstore.projection import queries
from callstore.report.document import Document, stable_fields
from callstore.settlement.models import Settlement

SCHEMA = "settled_calls/1"
A_PAGE = 200  # documents held in memory
LOOK_BACK = 7  # days that are made up for, after nobody could write
IN_MEMORY = 8 * 2**20
# Numbers, keys, words, and what a person or a socket wrote: `erase` reaches no file that left.
LEFT_OUT = frozenset({
    "from", "to", "dtmf", "last_caller_transcript", "last_agent_transcript", "ai_close_reason",
    "evidence_for", "incidents", "tags", "assignee", "reviewer",
})  # fmt: skip
FIELDS = tuple(name for name in stable_fields() if name not in LEFT_OUT)


def missing(today: date) -> list[date]:
    """The days before `today` that are not written yet, the oldest first; none before the first event."""
    if (first := first_day()) is None:
        return []
    days = [today - timedelta(days=n) for n in range(LOOK_BACK, 0, -1)]
    written = set(NightlyFile.objects.filter(day__in=days).values_list("day", flat=True))
    return [day for day in days if day >= first and day not in written]


def write(day: date, now: datetime) -> NightlyFile:
    """Write out a day (UTC), over what was written of it before. Raises OSError of the storage."""
    keys = names(day)
    store, digest, calls = storage(), hashlib.sha256(), 0
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
        for document in _documents(day):
            calls += 1
            told = {name: document.get(name) for name in FIELDS}
            line = orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)
            digest.update(line)
            file.write(line)
        size = file.tell()
        store.put(keys["calls"], cast(BinaryIO, file))
    checksum = digest.hexdigest()
    store.put(keys["checksum"], BytesIO(f"{checksum}  {keys['calls']}\n".encode()))
    manifest = {
        "schema": SCHEMA,
        "day": day.isoformat(),
        "made_at": now.isoformat(timespec="milliseconds"),
        "calls": calls,
        "files": [{"name": keys["calls"], "bytes": size, "sha256": checksum}],
        "fields": FIELDS,
    }
    store.put(keys["manifest"], BytesIO(orjson.dumps(manifest, option=orjson.OPT_INDENT_2)))
    done = {"calls": calls, "bytes": size, "sha256": checksum, "made_at": now}
    return NightlyFile.objects.update_or_create(day=day, defaults=done)[0]


def names(day: date) -> dict[str, str]:
    """The keys of a day's objects in the storage."""
    stem = f"settled-{day.isoformat()}"
    return {
        "calls": f"{stem}.jsonl",
        "checksum": f"{stem}.jsonl.sha256",
        "manifest": f"{stem}.manifest",
    }


def _documents(day: date) -> Iterator[Document]:
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    those = Settlement.objects.filter(told_at__gte=begin, told_at__lt=begin + timedelta(days=1))
    ids = those.order_by("call_id").values_list("call_id", flat=True)
    last = UUID(int=0)
    while found := list(ids.filter(call_id__gt=last)[:A_PAGE]):
        documents = queries.page(("call_id = ANY(%s)", [found]), limit=A_PAGE).items
        yield from sorted(documents, key=lambda document: document["call_id"])
        last = found[-1]
