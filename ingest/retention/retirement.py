"""Retires months where facts come in: says so in the log, and removes the recordings."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from callstore.domain.facts.events import MonthRetired
from callstore.eventlog.proof import retired_leaves
from callstore.eventlog.proof.retired_leaves import Retirement
from callstore.eventlog.retention import retire
from callstore.eventlog.retention.retire import Month
from callstore.eventlog.writing.append import append
from ingest.dialects import own_facts
from ingest.recordings import take


def exchange(month: Month, until: date, staying: Collection[UUID], fence: str) -> Retirement:
    """As eventlog.retirement.exchange; the log itself tells of it."""
    return retire.exchange(month, until, staying, fence, _tell)


def discard(month: Month, traces: Collection[UUID]) -> int:
    """Removes the audio of traces that went with a month; how many files that were."""
    return sum(take.discard(sid) for sid in retire.recordings(month, traces))


def _tell(entry: Retirement) -> None:
    event = MonthRetired(no=entry.no, month=entry.month, events=entry.events, digest=entry.digest)
    append([own_facts.month_retired(retired_leaves.SUBJECT, event)])
