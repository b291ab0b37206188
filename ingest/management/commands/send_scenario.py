"""Delivers a recorded call to a running instance."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ingest import scenario as scenarios
from ingest.sending import SendingFailed, moved_to_now, offer_recording, send


class Command(BaseCommand):
    help = "Delivers a recorded call to a running instance over real, signed HTTP."
    requires_system_checks = ()  # needs no database and no key of ours

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scenario", metavar="NAME-OR-FILE")
        parser.add_argument("--url", help="the instance; default PUBLIC_BASE_URL or http://127.0.0.1:8000")
        parser.add_argument(
            "--speed", type=float, help="keep the call's pace, X times faster; default: at once"
        )
        parser.add_argument(
            "--rebase", action="store_true", help="move its times to now and give it fresh ids"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        url = (options["url"] or settings.PUBLIC_BASE_URL or "http://127.0.0.1:8000").rstrip("/")
        if options["speed"] is not None and options["speed"] <= 0:
            raise CommandError("--speed must be above 0")
        try:
            call = scenarios.load(options["scenario"])
            if options["rebase"]:
                call = moved_to_now(call, options["speed"])
            self.stdout.write(offer_recording(call, url))
            answers = []
            for answer in send(call, url, options["speed"]):
                answers.append(answer)
                self.stdout.write(f"{answer.status} {answer.delivery.door} {answer.delivery.path}")
        except (scenarios.Unreadable, SendingFailed) as error:
            raise CommandError(str(error)) from error
        if refused := [answer for answer in answers if answer.refused]:
            first = refused[0]
            raise CommandError(
                f"{len(refused)} of {len(answers)} deliveries were refused, first {first.delivery.path} with "
                f"{first.status}: do the secrets and PUBLIC_BASE_URL here match the instance's?"
            )
        self.stdout.write(f"{call.name}: {len(answers)} deliveries. {url}/calls/{scenarios.leg(call) or ''}")
