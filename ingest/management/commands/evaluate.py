"""evaluate FOLDER: labelled calls through the real fold and rules; exits 1 when a label is not met."""

import json as codec
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ingest.evaluation import Outcome, evaluate, scenarios, scores
from ingest.scenario import Unreadable


class Command(BaseCommand):
    help = "Run labelled scenarios through the real fold and rules; print precision and recall."
    requires_system_checks = ()  # needs no database and no key of ours

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a scenario, or a folder of scenarios")
        parser.add_argument("--json", action="store_true", help="the same for machines")

    def handle(self, *args: Any, folder: Path, json: bool, **options: Any) -> None:
        try:
            outcomes = [evaluate(path) for path in scenarios(folder)]
        except Unreadable as error:
            raise CommandError(str(error)) from None
        self.stdout.write(_machine(outcomes) if json else _table(outcomes))
        if any(outcome.wrong for outcome in outcomes):
            sys.exit(1)


def _machine(outcomes: list[Outcome]) -> str:
    found = [{"name": o.name, "verdict": o.document["verdict"], "wrong": o.wrong} for o in outcomes]
    return codec.dumps({"scenarios": found, "scores": scores(outcomes)}, indent=1)


def _table(outcomes: list[Outcome]) -> str:
    lines = []
    for outcome in outcomes:
        lines.append(
            f"{'ok' if not outcome.wrong else 'WRONG':6}{outcome.name:32}{outcome.document['verdict']}"
        )
        lines += [
            f"      {name}: expected {w['expected']}, got {w['got']}" for name, w in outcome.wrong.items()
        ]
    lines += ["", f"{'':18}{'labelled':>9}{'claimed':>9}{'precision':>11}{'recall':>8}"]
    for name, score in scores(outcomes).items():
        rates = "".join(
            f"{'-' if score[k] is None else format(score[k], '.3f'):>{width}}"
            for k, width in (("precision", 11), ("recall", 8))
        )
        lines.append(f"{name:18}{score['labelled']:>9}{score['claimed']:>9}{rates}")
    return "\n".join(lines)
