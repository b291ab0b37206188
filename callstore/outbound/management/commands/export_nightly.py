"""manage.py export_nightly: the settled calls of a day as JSON lines in the recording storage."""

from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from callstore.outbound import nightly
from callstore.outbound.models import NightlyFile


class Command(BaseCommand):
    help = "Writes the settled calls of each day that lacks its file, or of one day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", help="this day alone (UTC), as 2026-11-28")
        parser.add_argument("--again", action="store_true", help="with --day: also where it was written")

    def handle(self, *_: Any, day: str | None, again: bool, **__: Any) -> None:
        now = datetime.now(UTC)
        if day is None and again:
            raise CommandError("--again needs a --day.")
        try:
            days = nightly.missing(now.date()) if day is None else [date.fromisoformat(day)]
        except ValueError:
            raise CommandError(f"{day} is no day as 2026-11-28.") from None
        if days and days[-1] >= now.date():
            raise CommandError(f"{days[-1]} is not over.")
        for each in days:
            written = None if again else NightlyFile.objects.filter(day=each).first()
            try:
                done = written or nightly.write(each, now)
            except OSError as error:
                raise CommandError(f"The storage did not take {each}: {error.strerror or error}") from None
            said = f"{done.calls} calls, {done.bytes} bytes, sha256 {done.sha256}"
            self.stdout.write(f"{each}: {said}{' (was written before)' if written else ''}")
        if not days:
            self.stdout.write("Every day has its file.")
