"""Where a subject's events live: its trace, its month, its key. First sight wins for ever."""

import os
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from time import monotonic
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import connection

from callstore.domain.facts import ids
from callstore.domain.facts.record import Draft
from callstore.eventlog.crypto import canonical, key_check, keys
from callstore.eventlog.db.statement import run
from callstore.eventlog.writing.pg_arrays import pack

OPEN = (
    "SELECT * FROM log.open_homes(%b::text[], %b::uuid[], %b::date[], %b::uuid[], %b::bytea[], %b::boolean)"
)
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
    has no home either, both get this one. A crash of Postgres may take with it what was opened here, until
    something that lives there is committed: only then may they be remembered. Raises WrongLogKey where
    LOG_KEY does not open the log.
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
    if met:
        key_check.demand()
        requests = [_Request.by(draft) for draft in met.values()]
        homes |= zip(met, _open(requests), strict=True)
    return homes


def remember_homes(homes: Mapping[str, Home]) -> None:
    """Keep these, by subject, for those who ask next."""
    with _lock:
        _homes.update((canonical.name(subject), home) for subject, home in homes.items())
        while len(_homes) > REMEMBERED:
            _homes.popitem(last=False)


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


def _open(requests: list[_Request]) -> list[Home]:
    """The home of each, opened if it has none; all in one transaction."""
    offers = _offers(requests)
    columns = zip(*(one[2:6] for one in offers.values()), strict=True)
    kinds = ("uuid", "date", "uuid", "bytea")
    offered = [pack(kind, values) for kind, values in zip(kinds, columns, strict=True)]
    # In a transaction of the caller's nothing may be lazy: there is more in it.
    rows = run(OPEN, [pack("text", offers), *offered, not connection.in_atomic_block])
    found = {subject: place for subject, *place in rows}
    return [_home(offers[one.subject], *found[one.subject]) for one in requests]


def _offers(requests: Iterable[_Request]) -> dict[str, _Request]:
    """For each subject and relative the request with whose home it is offered to live.

    The order of arrival says who moves in with whom.
    """
    offers: dict[str, _Request] = {}
    for one in requests:
        both = [name for name in (one.subject, one.relative) if name is not None]
        offered = next((offers[name] for name in both if name in offers), one)
        for name in both:
            offers.setdefault(name, offered)
    return offers


def _home(offered: _Request, trace: UUID, bucket: date, key_id: UUID, wrapped: bytes | None) -> Home:
    if key_id == offered.key_id:
        return Home(trace, bucket, offered.key)
    # An erased call has no key: what still arrives is kept, but nobody can read its personal part.
    return Home(trace, bucket, keys.unwrap(key_id, wrapped) if wrapped else keys.new())


def _recall(subject: str) -> Home | None:
    home = _homes.get(subject)
    if home is None or monotonic() - home.since >= REMEMBERED_S:
        return None
    _homes.move_to_end(subject)
    return home
