"""How often people agree with verdicts: on this installation's own calls, by those that somebody voted on."""

from typing import NamedTuple

from django.db import connection

from callstore.projection.queries import EVERY, Where

VOTES = """SELECT verdict, sum(agreed)::bigint, sum(agreed + disagreed)::bigint, count(*) FROM call
WHERE (agreed > 0 OR disagreed > 0) AND ({}) GROUP BY verdict ORDER BY verdict"""


class Precision(NamedTuple):
    """Of `voted` votes on a verdict, in so many `calls`, so many `agreed` with it."""

    verdict: str
    agreed: int
    voted: int
    calls: int

    @property
    def share(self) -> float | None:
        """The share of those who agree, 0 to 1; None where nobody voted."""
        return self.agreed / self.voted if self.voted else None


def precision(where: Where = EVERY) -> list[Precision]:
    """The votes on each verdict of the calls that a filter finds, where there are any."""
    condition, parameters = where
    with connection.cursor() as cursor:
        cursor.execute(VOTES.format(condition), list(parameters))
        return [Precision(*row) for row in cursor]


def precision_of(verdict: str | None) -> Precision:
    """The votes on one verdict, in all calls."""
    found = precision(("verdict = %s", [verdict]))
    return found[0] if found else Precision(verdict or "", 0, 0, 0)
