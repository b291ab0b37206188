"""Erases calls where facts come in: their keys and the bytes of their recordings."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from uuid import UUID

from django.db import transaction

from callstore.domain.facts import ids
from callstore.domain.facts.events import RecordingAnalysed, RecordingFailed, RecordingStatus
from callstore.domain.facts.record import Record
from callstore.eventlog.crypto import keyring
from callstore.eventlog.reading import read
from callstore.eventlog.writing.append import append
from callstore.media.store import NotKept
from ingest.dialects import own_facts
from ingest.recordings import take


def erase(traces: Collection[UUID], reason: str) -> int:
    """Destroys the traces' keys, appends that it was done, removes their audio; how many keys that were.

    `reason` is kept in the clear. All at once: whoever counts the new fact reads the others without a key,
    so no fold that still had it can come after one that had not. What was erased before is left, but for
    audio that an interrupted erasure did not come to.
    """
    heard = read.records(traces)  # with ids that may be sealed
    with transaction.atomic():
        destroyed = keyring.destroy(traces, reason)
        about = read.subjects(destroyed)
        subjects = [min(filter(ids.is_of_a_call, about[trace])) for trace in destroyed]
        append([own_facts.call_erased(subject, reason) for subject in subjects])
    for sid in _recordings([*heard, *read.records(traces)]):
        with suppress(NotKept):  # no store takes such a name
            take.discard(sid)
    return len(destroyed)


def _recordings(records: Iterable[Record]) -> set[str]:
    events = (record.event for record in records)
    return {
        e.recording for e in events if isinstance(e, RecordingStatus | RecordingAnalysed | RecordingFailed)
    }
