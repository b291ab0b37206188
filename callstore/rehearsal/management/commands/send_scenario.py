"""Delivers a recorded call to a running instance."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from callstore.rehearsal.scenarios import scenario as scenarios
from callstore.rehearsal.scenarios.sending import SendingFailed, accepted, moved_to_now, offer_recording, send


def above_zero(text: str) -> float:
    """A pace. Raises ValueError, which argparse words."""
    if (value := float(text)) > 0:
        return value
    raise ValueError


class Command(BaseCommand):
    help = "Delivers a recorded call to a running instance over real, signed HTTP."
    requires_system_checks = ()  # needs no database and no key of ours

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "scenario",
            metavar="NAME-OR-FILE",
            help="a scenario of tests/scenarios, a folder, a file of it, or a fixture.zip",
        )
        parser.add_argument("--url", help="the instance; default PUBLIC_BASE_URL or http://127.0.0.1:8000")
        parser.add_argument(
            "--speed", type=above_zero, help="keep the call's pace, X times faster; default: at once"
        )
        parser.add_argument(
            "--rebase", action="store_true", help="move its times to now and give it fresh ids"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        url = (options["url"] or settings.PUBLIC_BASE_URL or "http://127.0.0.1:8000").rstrip("/")
        try:
            call = scenarios.load(options["scenario"])
            if options["rebase"]:
                call = moved_to_now(call, options["speed"])
            self.stdout.write(offer_recording(call, url))
            answers = []
            for answer in send(call, url, options["speed"]):
                answers.append(answer)
                self.stdout.write(f"{answer.status} {answer.delivery.door} {answer.delivery.path}")
            taken = accepted(answers)
        except (scenarios.Unreadable, SendingFailed) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{call.name}: {taken} deliveries. {url}/calls/{scenarios.leg(call) or ''}")
