"""Who watches which session: leases in Postgres, so that watchers share calls and take over from the dead."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from callstore.eventlog.db.statement import run, run_each
from callstore.eventlog.heads.relations import OFFERS

# A dead watcher is noticed when its lease ends, and followed within the second: well within 10 s.
LEASE_S = 5.0
RENEW_EVERY_S = 1.0
# A Realtime session lasts 60 minutes at most; what was offered before is over.
OFFERED_WITHIN_S = 3600.0
LATELY_S = 60.0  # where new offers stand, unless they were late to be committed
KEPT_S = 3 * 3600.0  # of a session that is over; longer than an offer is looked for

LEASED = "now() + %s * interval '1 s'"
BEGIN = f"""
INSERT INTO ingest_watch (subject, child, parent, offered_at, holder, until, over)
SELECT DISTINCT ON (o.subject) o.subject, left(o.child, 100), left(o.parent, 100), o.received_at,
  %s, {LEASED}, false
FROM {OFFERS} AS o
WHERE o.received_at > now() - %s * interval '1 s'
  AND NOT EXISTS (SELECT FROM ingest_watch w WHERE w.subject = o.subject)
ORDER BY o.subject, o.received_at LIMIT %s
ON CONFLICT DO NOTHING
RETURNING subject, child, parent, extract(epoch FROM offered_at)::float8
"""
FREE = "NOT over AND until < now() AND holder IS DISTINCT FROM %s"
LOOK = f"SELECT subject, holder FROM ingest_watch WHERE {FREE} ORDER BY until LIMIT %s"
# From whom it was seen to be free: of two who look at once one is later.
TAKE_OVER = f"""
UPDATE ingest_watch SET holder = %s, until = {LEASED}
WHERE subject = %s AND NOT over AND until < now() AND holder IS NOT DISTINCT FROM %s
RETURNING subject, child, parent, extract(epoch FROM offered_at)::float8,
  extract(epoch FROM watched_at)::float8, connection, %s
"""
RENEW = f"""
UPDATE ingest_watch w SET until = {LEASED}, connection = coalesce(held.connection, w.connection),
  watched_at = CASE WHEN held.connection IS NULL THEN w.watched_at ELSE now() END
FROM unnest(%b::text[], %b::text[]) AS held (subject, connection)
WHERE w.subject = held.subject AND w.holder = %s AND NOT w.over
RETURNING w.subject
"""


class Lease(NamedTuple):
    """A session to watch (`openai:…`), the legs that its offer names, and when that came (Unix s).

    Who takes it over knows until when somebody watched, on which socket, and whether he was lost.
    """

    subject: str
    child: str | None
    parent: str | None
    offered_at: float
    watched_at: float | None = None
    connection: str | None = None
    lost: bool = False


class Leases:
    """Those of one watcher. All raise django.db's errors."""

    def __init__(self, holder: UUID) -> None:
        self.holder = holder

    def begin(self, most: int, within_s: float = OFFERED_WITHIN_S) -> list[Lease]:
        """Lease up to `most` sessions that nobody has met and that were offered within so many seconds."""
        return [Lease(*row) for row in run(BEGIN, [self.holder, LEASE_S, within_s, most])]

    def take_over(self, most: int) -> list[Lease]:
        """Lease up to `most` sessions whose watcher is gone."""
        free = sorted(run(LOOK, [self.holder, most]))
        return [
            Lease(*row)
            for row in run_each(
                TAKE_OVER,
                [(self.holder, LEASE_S, subject, before, before is not None) for subject, before in free],
            )
        ]

    def renew(self, held: Mapping[str, str | None]) -> set[str]:
        """Renew these, each with the socket on which it is watched now; those that are still ours."""
        if not held:
            return set()
        return {s for (s,) in run(RENEW, [LEASE_S, list(held), list(held.values()), self.holder])}

    def end(self, subjects: Iterable[str]) -> None:
        """Say that these sessions are over."""
        _set("over = true", list(subjects), self.holder)

    def give_back(self, subjects: Iterable[str]) -> None:
        """Let somebody else watch these at once."""
        seen = "watched_at = CASE WHEN connection IS NULL THEN watched_at ELSE now() END"
        _set(f"holder = NULL, until = now(), {seen}", list(subjects), self.holder)


def _set(what: str, subjects: list[str], holder: UUID) -> None:
    run(
        f"UPDATE ingest_watch SET {what} WHERE subject = ANY(%b::text[]) AND holder = %s RETURNING subject",
        [subjects, holder],
    )


def forget_old() -> None:
    """Delete what was offered hours ago and is over, or has long been."""
    run(
        "DELETE FROM ingest_watch WHERE offered_at < now() - %s * interval '1 s'"
        " AND (over OR until < now() - interval '1 day') RETURNING subject",
        [KEPT_S],
    )
