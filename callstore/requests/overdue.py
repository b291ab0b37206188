"""What is asked about a call of which nothing was heard for longer than a call mostly lasts: to close it."""

from dataclasses import dataclass
from typing import ClassVar

from callstore.domain.facts.ids import is_of_a_call
from callstore.requests.request import Request, demand

LATEST = 4_102_444_800.0  # 2100-01-01, as for the stamps of facts


@dataclass(frozen=True, slots=True)
class CloseOverdue(Request):
    """Enter that nothing came of a call any more since its last news."""

    TASK: ClassVar[str] = "ingest.close_overdue"

    subject: str  # a leg or AI session of the call
    since: float  # when its last news arrived, in Unix seconds

    def check(self) -> None:
        demand(isinstance(self.subject, str) and is_of_a_call(self.subject), "subject is of no call")
        demand(len(self.subject) <= 200, "subject is longer than 200 characters")
        number = isinstance(self.since, int | float) and not isinstance(self.since, bool)
        demand(number and 0 < self.since < LATEST, "since is no moment")
