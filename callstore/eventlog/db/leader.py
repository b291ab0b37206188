"""What only one process of all hosts does: it leads by a row that it renews, and others wait for that to end.

A lock of a connection would outlast a host that was cut off, and a process that was stopped. A lease ends
by the database's clock. Whoever was away and thinks that it leads still is told otherwise by its own clock
before it acts, and by the database where it notes what it does.
"""

import time
from collections.abc import Mapping
from uuid import uuid4

from callstore.eventlog.db.statement import run

LEASE_S = 5.0
ASK_EVERY_S = 1.0  # so another leads within 6 s of the leader's last word

CLAIM = """
INSERT INTO log.leader AS l (role, holder, until, renewed_at)
VALUES (%s, %s, now() + %s * interval '1 s', now())
ON CONFLICT (role) DO UPDATE SET
  holder = excluded.holder, until = excluded.until, renewed_at = excluded.renewed_at
WHERE l.holder = excluded.holder OR l.until < now()
RETURNING notes
"""
NOTE = """
UPDATE log.leader SET notes = notes || jsonb_build_object(%s::text, extract(epoch FROM now()))
WHERE role = %s AND holder = %s AND until > now()
RETURNING true
"""
RESIGN = "UPDATE log.leader SET until = '-infinity' WHERE role = %s AND holder = %s RETURNING true"


class Leadership:
    """One process' part in who leads. What asks the database raises django.db's errors."""

    def __init__(self, role: str) -> None:
        self._role, self._holder = role, uuid4()
        self._until = self._next = float("-inf")
        self.notes: Mapping[str, float] = {}

    @property
    def holds(self) -> bool:
        """Whether we lead still, by a clock that goes on while this machine sleeps."""
        return _clock() < self._until

    @property
    def is_due(self) -> bool:
        """Whether it is time to claim again."""
        return _clock() >= self._next

    def claim(self) -> bool:
        """Lead, or go on leading, where nobody else does; whether we now lead and did not before."""
        asked, led = _clock(), self.holds
        self._next = asked + ASK_EVERY_S
        found = run(CLAIM, [self._role, self._holder, LEASE_S])
        self._until = asked + LEASE_S if found else float("-inf")
        if found:
            self.notes = found[0][0]
        return self.holds and not led

    def note(self, what: str) -> bool:
        """Note for whoever leads next that we do this now; False, and nothing noted, where we do not lead."""
        return bool(run(NOTE, [what, self._role, self._holder]))

    def resign(self) -> None:
        """Let somebody else lead at once."""
        self._until = float("-inf")
        run(RESIGN, [self._role, self._holder])


def _clock() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)
