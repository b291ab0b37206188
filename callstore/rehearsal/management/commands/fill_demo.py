"""fill_demo: what `up --demo` runs beside itself when the founding call can be seen."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from callstore.rehearsal.demo import fill


class Command(BaseCommand):
    help = "Puts the demo's calls into the log: the recorded ones and a simulated day. Nothing twice."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("this instance is no demo")
        self.stdout.write(f"{fill.a_day()} simulated calls are new")
