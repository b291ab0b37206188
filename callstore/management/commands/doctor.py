"""manage.py doctor: what this set-up does not tell or does wrongly."""

import json
import sys
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from callstore.doctor.doctor import look
from callstore.doctor.text import text
from callstore.domain.facts.clock import unix


class Command(BaseCommand):
    help = (
        "Read the newest calls and the settings, and say what this set-up does not tell or does wrongly, with"
        " the events that prove it and the text to paste; exit 1 if there is a fault."
    )
    requires_system_checks = ()  # what they would stop at is what it is asked for

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", metavar="T", help="what came since this time (ISO 8601); 7 days")
        parser.add_argument("--json", action="store_true", help="for machines, as GET /api/v1/doctor")

    def handle(self, *, since: str | None, **options: Any) -> None:
        try:
            looked = look(None if since is None else unix(since))
        except (ValueError, OverflowError):
            raise CommandError(f"{since} is no time: give it as 2026-04-13T00:18:52Z.") from None
        except (DatabaseError, ImproperlyConfigured) as error:
            raise CommandError(f"The log cannot be read: {str(error).splitlines()[0]}") from None
        told = json.dumps(looked.as_json(), indent=1) + "\n" if options["json"] else text(looked)
        self.stdout.write(told, ending="")
        if looked.has_fault:
            sys.exit(1)
