"""fill_demo: what `up --demo` runs beside itself when the founding call can be seen."""

import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from callstore.rehearsal.demo import fill, running


class Command(BaseCommand):
    help = "Puts the demo's calls into the log: recorded ones, a simulated day, spoken ones. Nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", help="the instance, to have calls there that run now")
        parser.add_argument("--sideband", type=int, metavar="PORT", help="of its OPENAI_REALTIME_URL")

    def handle(self, *args: Any, url: str | None, sideband: int | None, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("this instance is no demo")
        having = threading.Thread(target=self.have, args=(url, sideband))
        if url and sideband:
            having.start()
        self.stdout.write(f"{fill.a_day()} simulated calls are new")

    def have(self, url: str, sideband: int) -> None:
        """Calls that run now, beside those of the day."""
        for name in running.run(url, sideband):
            self.stdout.write(f"{name} begins")
