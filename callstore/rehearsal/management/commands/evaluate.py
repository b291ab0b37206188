"""evaluate FOLDER: labelled calls through the real fold and rules; exits 1 when a label is not met."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from callstore.rehearsal.evaluation.evaluate import evaluate_all, scenarios
from callstore.rehearsal.evaluation.score_sheet import for_machines, for_people
from callstore.rehearsal.scenarios.scenario import Unreadable


class Command(BaseCommand):
    help = "Run labelled scenarios through the real fold and rules; print precision and recall."
    requires_system_checks = ()  # needs no database and no key of ours

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a scenario, or a folder of scenarios")
        parser.add_argument("--json", action="store_true", help="more, for machines")
        parser.add_argument("--jobs", type=int, default=1, help="processes (1)")

    def handle(self, *args: Any, folder: Path, json: bool, jobs: int, **options: Any) -> None:
        try:
            outcomes = evaluate_all(scenarios(folder), jobs)
        except Unreadable as error:
            raise CommandError(str(error)) from None
        self.stdout.write(for_machines(outcomes) if json else for_people(outcomes))
        if any(outcome.wrong for outcome in outcomes):
            sys.exit(1)
