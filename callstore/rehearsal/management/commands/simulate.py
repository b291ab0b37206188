"""simulate: load of realistic calls, none of which happened."""

import argparse
import secrets
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from callstore.rehearsal.scenarios.sending import SendingFailed, configured
from callstore.rehearsal.simulation.load import appended, calls, paced
from callstore.rehearsal.simulation.traffic import sent

MOST_CALLS, MOST_HOURS = 1_000_000, 24 * 31
WIDTH = 40  # of the progress bar, in characters
SHOWN_EVERY_S = 0.2


class Command(BaseCommand):
    help = "Simulates calls: over signed HTTP, or appended directly. Prints how far it is and the rate."
    requires_system_checks = ()  # over HTTP it needs no database and no key of ours

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--calls", type=int, required=True, metavar="N", help=f"at most {MOST_CALLS:,}")
        parser.add_argument("--rate", type=float, metavar="R", help="calls a second; default: all it can")
        parser.add_argument("--truncated", type=float, metavar="SHARE", help="0 to 1: so many are cut off")
        parser.add_argument("--direct", action="store_true", help="append to the log instead of sending")
        parser.add_argument("--spread", type=float, default=0.0, metavar="HOURS", help="begun within so long")
        parser.add_argument("--url", help="the instance; default PUBLIC_BASE_URL or http://127.0.0.1:8000")
        parser.add_argument("--seed", default=secrets.token_hex(8), help=argparse.SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        self.total = options["calls"]
        _refuse(options)
        if options["direct"]:
            self.check()
        url = (options["url"] or settings.PUBLIC_BASE_URL or "http://127.0.0.1:8000").rstrip("/")
        account = configured("TWILIO_ACCOUNTS")[0].partition(":")[0]
        told = calls(
            self.total,
            seed=options["seed"],
            hours=options["spread"],
            truncated=options["truncated"],
            account=account,
        )
        told = paced(told, options["rate"])
        self.began = self.shown = time.monotonic()
        done = deliveries = 0
        try:
            for size in (
                appended(told) if options["direct"] else sent(told, url, settings.PUBLIC_BASE_URL or url)
            ):
                done, deliveries = done + 1, deliveries + size
                self.tick(done)
        except (SendingFailed, DatabaseError) as error:
            raise CommandError(str(error)) from error
        seconds = time.monotonic() - self.began
        self.stdout.write(
            f"{done:,} calls, {deliveries:,} deliveries in {seconds:.1f} s: "
            f"{done / seconds:.1f} calls/s, {deliveries / seconds:.0f} deliveries/s"
        )

    def tick(self, done: int) -> None:
        now = time.monotonic()
        if done < self.total and now - self.shown < SHOWN_EVERY_S:
            return
        self.shown, share = now, done / self.total
        rate = done / max(0.001, now - self.began)
        bar = f"\r[{'#' * int(share * WIDTH):<{WIDTH}}] {share:4.0%} {rate:6.1f} calls/s"
        self.stderr.write(bar, ending="\n" if done == self.total else "")


def _refuse(options: dict[str, Any]) -> None:
    """Raises CommandError for numbers that make no sense."""
    if not 1 <= options["calls"] <= MOST_CALLS:
        raise CommandError(f"--calls must be from 1 to {MOST_CALLS}")
    if options["rate"] is not None and not options["rate"] > 0:
        raise CommandError("--rate must be above 0")
    if options["truncated"] is not None and not 0 <= options["truncated"] <= 1:
        raise CommandError("--truncated must be from 0 to 1")
    if not 0 <= options["spread"] <= MOST_HOURS:
        raise CommandError(f"--spread must be from 0 to {MOST_HOURS} hours")
