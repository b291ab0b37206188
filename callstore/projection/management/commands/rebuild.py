import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from callstore.base.progress import Bar, Stages
from callstore.projection.rebuild import diff, shadow, swap
from callstore.projection.rebuild.in_place import rebuild
from callstore.projection.rebuild.scope import Scope, scope

AGAIN = "what was done is kept; run it again to go on"


class Command(BaseCommand):
    help = "Project calls again from the log, or with --check compare what is stored with a fresh fold."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--call", metavar="ID", help="one call, by any of its ids, in place")
        which.add_argument(
            "--since", metavar="T", help="calls first seen since this time (ISO 8601), in place"
        )
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 on any difference")
        parser.add_argument("--no-swap", action="store_true", help="show what would change, and stop there")
        parser.add_argument(
            "--processes", type=int, metavar="N", help="as many as there are cores", default=None
        )

    def handle(self, *, call: str | None, since: str | None, check: bool, **options: Any) -> None:
        try:
            calls = scope(call, since)
        except ValueError as error:
            raise CommandError(str(error)) from None
        if check or call or since:
            self.walk(calls, check)
        else:
            self.replace(options["processes"] or len(os.sched_getaffinity(0)), not options["no_swap"])

    def walk(self, calls: Scope, check: bool) -> None:
        """Call by call, in place."""
        work: Callable[[Scope, Bar], Iterable[str]] = diff.differences if check else rebuild
        with Bar(calls.size() * (1 if check else 2), self.stderr, "traces") as bar:
            wrong = list(work(calls, bar))
        for line in wrong:
            self.stdout.write(line)
        if wrong:
            raise CommandError(f"{len(wrong)} {'differences' if check else 'traces could not be projected'}.")
        self.stdout.write("Nothing differs." if check else "Projected.")

    def replace(self, processes: int, swaps: bool) -> None:
        """All of them, beside the live ones, which then give way."""
        with _explained(), shadow.alone():
            with Stages(self.stderr, "events", width=6) as shown:
                failed = shadow.prepare(shown, processes)
            self.tell(swap.changes())
            if swaps:
                swap.swap()
                self.stdout.write("Swapped.")
            else:
                self.stdout.write("Not swapped. `rebuild` without --no-swap catches up and swaps.")
        for trace, error in failed.items():
            self.stdout.write(f"{trace}: {error}")
        if failed:
            raise CommandError(f"{len(failed)} traces could not be projected.")

    def tell(self, changes: swap.Changes) -> None:
        self.stdout.write(
            f"{changes.calls} calls: {sum(v.calls for v in changes.verdicts)} verdicts change,"
            f" {changes.other} calls are told otherwise, {changes.appear} appear, {changes.vanish} vanish."
        )
        for verdicts in changes.verdicts:
            more = verdicts.calls - len(verdicts.named)
            self.stdout.write(f"{verdicts.was} → {verdicts.becomes}: {verdicts.calls}")
            self.stdout.write("".join(f"  {call_id}\n" for call_id in verdicts.named), ending="")
            self.stdout.write(f"  and {more} more\n" if more else "", ending="")


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool:
        raise CommandError(f"a process was killed (memory?); {AGAIN}") from None
    except shadow.Busy as error:
        raise CommandError(str(error)) from None
    except DatabaseError as error:
        raise CommandError(f"{str(error).strip()}; {AGAIN}") from error
