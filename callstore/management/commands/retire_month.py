from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from callstore.eventlog.crypto.operator import become_owner_of_up
from callstore.eventlog.proof import retired_leaves
from callstore.eventlog.retention import months
from callstore.eventlog.retention import retire as log
from callstore.eventlog.retention.retire import Month
from callstore.projection.rebuild import shadow
from callstore.projection.retention import retirement as read_models
from ingest.retention import retirement as facts

# Event Streams, recordings and backfills bring facts weeks later, and a call is only whole with them.
QUIET = timedelta(days=30)


class Command(BaseCommand):
    help = "Remove the calls of a month, and of all before it, for ever, with their audio; keep the proof."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("month", metavar="YYYY-MM", nargs="?", help="the last month to go")
        which.add_argument("--due", action="store_true", help="what is older than RETENTION_DAYS goes")
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")

    def handle(self, *, month: str | None, due: bool, dry_run: bool, **options: Any) -> None:
        until = self.until(self.due() if due else month or "")
        if not log.is_owner():
            become_owner_of_up()
        if not log.is_owner():
            raise CommandError("Only the owner of the log's tables may: set DATABASE_URL to theirs.")
        try:
            with shadow.alone(), retired_leaves.alone():
                for found in log.months(until):
                    self.one(found, until, dry_run)
        except (shadow.Busy, retired_leaves.Disturbed, log.NotRetired) as error:
            raise CommandError(f"{error}.") from None

    def due(self) -> str:
        days = settings.RETENTION_DAYS
        if days is None:
            raise CommandError("RETENTION_DAYS is not set: calls are kept for ever.")
        if not months.is_retention(days):  # commands that check nothing come this far, too
            raise CommandError(f"RETENTION_DAYS must be {months.LEAST_DAYS} to {months.MOST_DAYS:,}.")
        return f"{months.last_older_than(days, datetime.now(UTC)):%Y-%m}"

    def until(self, month: str) -> date:
        try:
            first = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
            free = (first + timedelta(days=31)).replace(day=1) + QUIET
        except (ValueError, OverflowError):
            raise CommandError(f"{month} is no month: give it as 2026-04.") from None
        if free > datetime.now(UTC):
            raise CommandError(
                f"{month} can go from {free:%Y-%m-%d} on: for {QUIET.days} days facts come late."
            )
        if misplaced := months.misplaced(first.date()):
            raise CommandError(misplaced)
        return first.date()

    def one(self, month: Month, until: date, dry_run: bool) -> None:
        if not month.gone:
            fence, staying = log.fence(), read_models.staying(until, datetime.now(UTC) - QUIET)
            going = log.counted(month, until, staying)
            self.stdout.write(
                f"{month.first:%Y-%m}: {going.events:,} events go, of {going.traces:,} traces of calls;"
                f" {going.stay:,} stay."
            )
            if dry_run or not log.is_worth(month, going):
                return
            facts.exchange(month, until, staying, fence)
            month = month._replace(gone=True)
        elif dry_run:
            self.stdout.write(f"{month.first:%Y-%m}: went, but was interrupted; the rest of it goes now.")
            return
        for traces in log.leftovers(month):
            facts.discard(month, traces)
            with transaction.atomic():
                read_models.forget(traces)
                log.forget(month, traces)
        log.drop(month)
