"""manage.py doctor: what this set-up does not tell or does wrongly."""

import json
import sys
from textwrap import indent
from time import time
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from callstore.doctor.doctor import look
from callstore.doctor.text import text
from callstore.domain.facts.clock import iso, unix
from callstore.smoke.smoke import smoke


class Command(BaseCommand):
    help = (
        "Read the newest calls and the settings, and say what this set-up does not tell or does wrongly, with"
        " the events that prove it and the text to paste; exit 1 if there is a fault."
    )
    requires_system_checks = ()  # what they would stop at is what it is asked for

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", metavar="T", help="what came since this time (ISO 8601); 7 days")
        parser.add_argument("--json", action="store_true", help="for machines, as GET /api/v1/doctor")

        parser.add_argument(
            "--smoke",
            action="store_true",
            help="instead: deliver something harmless to each door through PUBLIC_BASE_URL, and look at keys,"
            " grants, disk, processes and login page",
        )

    def handle(self, *, since: str | None, **options: Any) -> None:
        if options["smoke"]:
            return self.smoke(options["json"])
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

    def smoke(self, as_json: bool) -> None:
        """Say each fault in a sentence, with what to do."""
        faults = list(smoke())
        if as_json:
            looked_at = {"as_of": iso(time()), "public_base_url": settings.PUBLIC_BASE_URL}
            report = {"findings": [fault.as_json() for fault in faults], "looked_at": looked_at}
            self.stdout.write(json.dumps(report, indent=1))
        else:
            for fault in faults:
                self.stdout.write(f"{fault.says}\n{indent(fault.paste, ' ' * 4)}")
            if not faults:
                self.stdout.write("Nothing is wrong: every door took what was delivered to it.")
        if faults:
            sys.exit(1)
