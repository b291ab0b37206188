"""Where a subject's events live: its trace, its month, its key. First sight wins for ever."""

import os
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from time import monotonic
from uuid import UUID, uuid4

from django.db import transaction

from callstore.domain.record import CALL_SUBJECTS, Draft
from callstore.eventlog import canonical, keys
from callstore.eventlog.statement import run

OPEN = "SELECT trace_id, bucket, key_id, wrapped FROM log.open_stream(%s, %s, %s, %s, %s, %b)"
REMEMBERED = 50_000  # some 20 MB; a day of a busy instance has fewer live subjects
REMEMBERED_S = 600.0  # so long may a key outlive its call's erasure in a writer's memory


@dataclass(frozen=True, slots=True)
class Home:
    """The home of a subject's events."""

    trace: UUID
    bucket: date
    key: bytes
    since: float = field(default_factory=monotonic, compare=False)


_homes: OrderedDict[str, Home] = OrderedDict()
_lock = Lock()


def home_of(draft: Draft) -> Home:
    """The home of the draft's subject, opened at first sight: one round trip, none when it is remembered.

    A new subject moves in with the first call that the draft mentions (parent leg, SIP leg); if that one
    has no home either, both get this one.
    """
    subject = canonical.name(draft.subject)
    with _lock:
        if (home := _homes.get(subject)) and monotonic() - home.since < REMEMBERED_S:
            _homes.move_to_end(subject)
            return home
    home = _open(subject, _relative(subject, draft), draft)
    # Rows never change, but until the commit they may vanish.
    transaction.on_commit(lambda: _remember(subject, home))
    return home


def forget_homes(subjects: Iterable[str]) -> None:
    """Look for the homes of these subjects again when they are met next."""
    with _lock:
        for subject in subjects:
            _homes.pop(canonical.name(subject), None)


def uuid7(at: float) -> UUID:
    """A time-ordered UUID (RFC 9562, version 7) of a moment in Unix seconds."""
    milliseconds = max(0, int(at * 1000)) & (2**48 - 1)
    value = milliseconds << 80 | int.from_bytes(os.urandom(10), "big")
    return UUID(int=value & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)


def _relative(subject: str, draft: Draft) -> str | None:
    calls = (canonical.name(ref.id) for ref in draft.refs if ref.id.startswith(CALL_SUBJECTS))
    return next((call for call in calls if call != subject), None)


def _open(subject: str, relative: str | None, draft: Draft) -> Home:
    born = canonical.moment(draft.occurred.at).date().replace(day=1)
    new_id, new_key = uuid4(), keys.new()
    proposed = (uuid7(draft.received_at), born, new_id, keys.wrap(new_id, new_key))
    [(trace, bucket, key_id, wrapped)] = run(OPEN, (subject, relative, *proposed))
    if key_id == new_id:
        return Home(trace, bucket, new_key)
    # An erased call has no key: what still arrives is kept, but nobody can read its personal part.
    return Home(trace, bucket, keys.unwrap(key_id, wrapped) if wrapped else keys.new())


def _remember(subject: str, home: Home) -> None:
    with _lock:
        _homes[subject] = home
        if len(_homes) > REMEMBERED:
            _homes.popitem(last=False)
