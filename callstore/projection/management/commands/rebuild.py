from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from callstore.projection import check as checking
from callstore.projection.rebuild import rebuild
from callstore.projection.scope import scope

WIDTH = 40  # of the progress bar, in characters


class Command(BaseCommand):
    help = "Project calls again from the log, or with --check compare what is stored with a fresh fold."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--call", metavar="ID", help="one call, by any of its ids")
        which.add_argument("--since", metavar="T", help="calls first seen since this time (ISO 8601)")
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 on any difference")

    def handle(self, *, call: str | None, since: str | None, check: bool, **options: Any) -> None:
        try:
            calls = scope(call, since)
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.done, self.total = 0, calls.size() * (1 if check else 2)
        wrong = list(checking.differences(calls, self.tick)) if check else rebuild(calls, self.tick)
        for line in wrong:
            self.stdout.write(line)
        if wrong:
            raise CommandError(f"{len(wrong)} {'differences' if check else 'traces could not be projected'}.")

    def tick(self, traces: int) -> None:
        self.done += traces
        share = min(1.0, self.done / max(1, self.total))
        bar = "#" * int(share * WIDTH)
        self.stderr.write(f"\r[{bar:<{WIDTH}}] {share:4.0%}", ending="\n" if share == 1.0 else "")
