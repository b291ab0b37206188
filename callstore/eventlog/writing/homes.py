"""Where a subject's events live: its trace, its month, its key. First sight wins for ever."""

import os
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

from callstore.domain.facts import ids
from callstore.domain.facts.record import Draft
from callstore.eventlog.crypto import canonical, keys
from callstore.eventlog.db.statement import run, run_each

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
    """The home of the draft's subject."""
    return homes_of([draft])[draft.subject]


def homes_of(drafts: Iterable[Draft]) -> dict[str, Home]:
    """The home of each subject, opened at first sight: one round trip for all, none for those remembered.

    A new subject moves in with the first call that its draft mentions (parent leg, SIP leg); if that one
    has no home either, both get this one.
    """
    homes: dict[str, Home] = {}
    met: dict[str, Draft] = {}
    with _lock:
        for draft in drafts:
            if draft.subject not in homes and draft.subject not in met:
                if home := _recall(canonical.name(draft.subject)):
                    homes[draft.subject] = home
                else:
                    met[draft.subject] = draft
    wanted = {subject: _Request.by(draft) for subject, draft in met.items()}
    for (subject, one), home in zip(wanted.items(), _open([*wanted.values()]), strict=True):
        homes[subject] = home
        # Rows never change, but until the commit they may vanish.
        transaction.on_commit(partial(_remember, one.subject, home))
    return homes


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


class _Request(NamedTuple):
    """What is asked for a subject, and the key that it gets if this opens its home."""

    subject: str
    relative: str | None
    trace: UUID
    born: date
    key_id: UUID
    wrapped: bytes
    key: bytes

    @classmethod
    def by(cls, draft: Draft) -> "_Request":
        subject, key_id, key = canonical.name(draft.subject), uuid4(), keys.new()
        calls = (canonical.name(ref.id) for ref in draft.refs if ids.is_of_a_call(ref.id))
        relative = next((call for call in calls if call != subject), None)
        born = canonical.moment(draft.occurred.at).date().replace(day=1)
        trace = uuid7(draft.received_at)
        return cls(subject, relative, trace, born, key_id, keys.wrap(key_id, key), key)


def _open(wanted: list[_Request]) -> list[Home]:
    """All in one transaction, in the order of arrival, which says who moves in with whom.

    One by one where another writer came upon the same ones in another order.
    """
    asked = [one[:-1] for one in wanted]
    try:
        rows = run_each(OPEN, asked) if len(asked) > 1 else _singly(asked)
    except OperationalError as error:
        if not isinstance(error.__cause__, DeadlockDetected) or connection.in_atomic_block:
            raise
        rows = _singly(asked)
    return [_home(one, *row) for one, row in zip(wanted, rows, strict=True)]


def _singly(asked: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [row for one in asked for row in run(OPEN, one)]


def _home(wanted: _Request, trace: UUID, bucket: date, key_id: UUID, wrapped: bytes | None) -> Home:
    if key_id == wanted.key_id:
        return Home(trace, bucket, wanted.key)
    # An erased call has no key: what still arrives is kept, but nobody can read its personal part.
    return Home(trace, bucket, keys.unwrap(key_id, wrapped) if wrapped else keys.new())


def _recall(subject: str) -> Home | None:
    home = _homes.get(subject)
    if home is None or monotonic() - home.since >= REMEMBERED_S:
        return None
    _homes.move_to_end(subject)
    return home


def _remember(subject: str, home: Home) -> None:
    with _lock:
        _homes[subject] = home
        if len(_homes) > REMEMBERED:
            _homes.popitem(last=False)
