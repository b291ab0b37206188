from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from callstore.domain.facts.clock import iso
from callstore.eventlog.heads import errors
from callstore.projection import projector
from callstore.projection.rebuild.scope import scope
from callstore.projection.requests.ask import ask


class Command(BaseCommand):
    help = (
        "Show the calls that could not be projected and were set aside; with an option, project them again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--parked", action="store_true", help="project every call that was set aside")
        which.add_argument("--call", metavar="ID", help="project this call, by any of its ids")

    def handle(self, *, parked: bool, call: str | None, **options: Any) -> None:
        if call is None:
            found = errors.all_set_aside()
            for one in found:
                since = iso(one.since.timestamp())
                self.stdout.write(f"{one.trace}  behind since {since}  {one.attempts} attempts  {one.error}")
            traces = [one.trace for one in found]
        else:
            try:
                traces = list(scope(call).only or ())
            except ValueError as error:
                raise CommandError(str(error)) from None
        if call is None and not parked:
            self.stdout.write(f"{len(traces)} parked. Project them again with --parked.")
            return
        for trace in traces:  # each alone: one that kills this process must not hide the others
            ask(projector.project([trace], replay=True))
        failed = errors.of(traces)
        for one in failed:
            self.stderr.write(f"{one.trace}  failed again  {one.error}")
        self.stdout.write(f"{len(traces) - len(failed)} of {len(traces)} projected.")
        if failed:
            raise CommandError(f"{len(failed)} could not be projected.")
