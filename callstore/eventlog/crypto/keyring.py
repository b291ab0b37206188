"""What happens to calls' keys: one is destroyed to erase a call, all are wrapped anew to change LOG_KEY."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import connection

from callstore.eventlog.crypto import keys
from callstore.eventlog.db.statement import run

PAGE = 1_000
FIRST = UUID(int=0)
SELECT = "SELECT key_id, wrapped FROM log.call_key WHERE key_id > %s ORDER BY key_id LIMIT %s"
MAY = (
    "SELECT has_function_privilege(oid, 'EXECUTE') FROM pg_proc"
    " WHERE pronamespace = 'log'::regnamespace AND proname = ANY(%s)"
)
REWRAP = "SELECT log.rewrap_keys(%b::uuid[], %b::bytea[], %b::bytea[])"


def may_destroy() -> bool:
    """Whether our role may destroy keys and wrap them anew."""
    return all(may for (may,) in run(MAY, [["destroy_keys", "rewrap_keys"]]))


def destroy(traces: Iterable[UUID], reason: str) -> list[UUID]:
    """Destroy the keys of these traces, for ever. The traces whose key was not destroyed before.

    Only the operator may. Do it in the transaction that appends why, so that whoever counts that event reads
    with no key.
    """
    rows = run("SELECT log.destroy_keys(%b::uuid[], %s)", [list(traces), reason])
    return sorted(trace for (trace,) in rows)


def is_destroyed(subject: str) -> bool:
    """Whether the call that this subject belongs to was erased."""
    rows = run(
        "SELECT k.wrapped IS NULL FROM log.stream s JOIN log.call_key k USING (key_id) WHERE s.subject = %s",
        [subject],
    )
    return bool(rows and rows[0][0])


def scrub() -> None:
    """Write the keys' file anew without those that were destroyed. Needs the table's owner."""
    with connection.cursor() as cursor:
        cursor.execute("CLUSTER log.call_key USING call_key_pkey")


def size() -> int:
    """How many keys there are, destroyed ones included."""
    [(n,)] = run("SELECT count(*) FROM log.call_key", [])
    return int(n)


def rotate(tick: Callable[[int], None]) -> int:
    """Wrap every key under the first LOG_KEY; how many were not. The log itself is not touched.

    Only the operator may. Ticks with the number of keys of each page. Raises ImproperlyConfigured for a key
    that no LOG_KEY opens.
    """
    changed, last = 0, FIRST
    while page := run(SELECT, [last, PAGE]):
        last = page[-1][0]
        anew = [(id_, old, keys.rewrap(id_, old)) for id_, old in page if old is not None]
        given = [(id_, old, new) for id_, old, new in anew if new is not None]
        if given:
            changed += run(REWRAP, [list(column) for column in zip(*given, strict=True)])[0][0]
        tick(len(page))
    return changed
