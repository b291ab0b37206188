"""simulate: load of realistic calls, none of which happened."""

import argparse
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from callstore.base.progress import Bar
from callstore.rehearsal.scenarios.sending import SendingFailed, value_or_demo
from callstore.rehearsal.simulation.load import (
    AT_ONCE,
    Piece,
    Size,
    appended,
    appended_by,
    paced,
    pieces,
    told,
)
from callstore.rehearsal.simulation.story import AS_MOSTLY, BRIEF
from callstore.rehearsal.simulation.traffic import send_all
from ingest.providers.twilio.setting import SETTING

MOST_CALLS, MOST_HOURS = 1_000_000, 24 * 31


class Command(BaseCommand):
    help = "Simulates calls: over signed HTTP, or appended directly. Prints how far it is and the rate."
    requires_system_checks = ()  # over HTTP it needs no database and no key of ours

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--calls", type=int, required=True, metavar="N", help=f"at most {MOST_CALLS:,}")
        parser.add_argument("--rate", type=float, metavar="R", help="calls a second; default: all it can")
        parser.add_argument("--truncated", type=float, metavar="SHARE", help="0 to 1: so many are cut off")
        parser.add_argument("--direct", action="store_true", help="append to the log instead of sending")
        parser.add_argument(
            "--processes", type=int, metavar="N", help="that append; default: as many as there are cores"
        )
        parser.add_argument("--brief", action="store_true", help="calls of about 20 events, without deltas")
        parser.add_argument("--spread", type=float, default=0.0, metavar="HOURS", help="begun within so long")
        parser.add_argument("--url", help="the instance; default PUBLIC_BASE_URL or http://127.0.0.1:8000")
        parser.add_argument("--seed", default=secrets.token_hex(8), help=argparse.SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        _refuse(options)
        if options["direct"]:
            self.check()
        url = (options["url"] or settings.PUBLIC_BASE_URL or "http://127.0.0.1:8000").rstrip("/")
        accounts = value_or_demo(SETTING)
        some = pieces(
            options["calls"],
            seed=options["seed"],
            hours=options["spread"],
            truncated=options["truncated"],
            account=next(iter(accounts)),
            manner=BRIEF if options["brief"] else AS_MOSTLY,
        )
        began, deliveries, events = time.monotonic(), 0, 0
        sizes = _direct(some, options) if options["direct"] else _sent(some, options, url)
        try:
            with Bar(options["calls"], self.stderr, "calls") as bar:
                for size in sizes:
                    deliveries += size.deliveries
                    events += size.events
                    bar(1)
        except (SendingFailed, DatabaseError) as error:
            raise CommandError(str(error)) from error
        seconds = time.monotonic() - began
        self.stdout.write(
            f"{bar.done:,} calls, {deliveries:,} deliveries in {seconds:.1f} s: "
            f"{bar.done / seconds:.1f} calls/s, {deliveries / seconds:.0f} deliveries/s"
            + (f", {events:,} events, {events / seconds:,.0f} events/s" if options["direct"] else "")
        )


def _direct(some: Iterable[Piece], options: dict[str, Any]) -> Iterator[Size]:
    """Into the log: by this process where it must keep a rate, and where there are too few calls for more."""
    if options["rate"]:
        return appended(paced(chain.from_iterable(map(told, some)), options["rate"]))
    cores = options["processes"] or len(os.sched_getaffinity(0))
    return appended_by(min(cores, options["calls"] // AT_ONCE), some)


def _sent(some: Iterable[Piece], options: dict[str, Any], url: str) -> Iterator[Size]:
    """To the doors of an instance, which alone knows how many events come of it."""
    calls = paced(chain.from_iterable(map(told, some)), options["rate"])
    return (Size(sent, 0) for sent in send_all(calls, url, settings.PUBLIC_BASE_URL or url))


def _refuse(options: dict[str, Any]) -> None:
    """Raises CommandError for numbers that make no sense."""
    if not 1 <= options["calls"] <= MOST_CALLS:
        raise CommandError(f"--calls must be from 1 to {MOST_CALLS}")
    if options["processes"] is not None and options["processes"] < 1:
        raise CommandError("--processes must be from 1")
    if options["rate"] is not None and not options["rate"] > 0:
        raise CommandError("--rate must be above 0")
    if options["truncated"] is not None and not 0 <= options["truncated"] <= 1:
        raise CommandError("--truncated must be from 0 to 1")
    if not 0 <= options["spread"] <= MOST_HOURS:
        raise CommandError(f"--spread must be from 0 to {MOST_HOURS} hours")
