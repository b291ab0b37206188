"""evaluate FOLDER: labelled calls through the real fold and rules.

Exits 1 when a label is not met or, with --fail-under, when a figure is below what is asked.
"""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from callstore.rehearsal.evaluation.evaluate import Outcome, evaluate_all, scenarios
from callstore.rehearsal.evaluation.score_sheet import for_machines, for_people
from callstore.rehearsal.evaluation.thresholds import Threshold, held_against, thresholds
from callstore.rehearsal.scenarios.scenario import Unreadable


class Command(BaseCommand):
    help = "Run labelled scenarios through the real fold and rules; print precision and recall."
    requires_system_checks = ()  # needs no database and no key of ours

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a scenario, its fixture.zip, or a folder of scenarios")
        parser.add_argument("--json", action="store_true", help="more, for machines")
        parser.add_argument(
            "--fail-under",
            metavar="FIGURES",
            default="",
            help="the least of each figure, such as truncated.recall=0.99,verdict.accuracy=0.97",
        )
        parser.add_argument("--jobs", type=int, default=1, help="processes (1)")

    def handle(
        self, *args: Any, folder: Path, json: bool, fail_under: str, jobs: int, **options: Any
    ) -> None:
        try:
            wanted = thresholds(fail_under)
            outcomes = evaluate_all(scenarios(folder), jobs)
        except (Unreadable, ValueError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(for_machines(outcomes) if json else for_people(outcomes))
        if not (self._reached(wanted, outcomes) if wanted else not any(each.wrong for each in outcomes)):
            sys.exit(1)

    def _reached(self, wanted: list[Threshold], outcomes: list[Outcome]) -> bool:
        missed, unknown = held_against(wanted, outcomes)
        for line in (*missed, *unknown):
            self.stderr.write(line)
        return not missed
