"""The seals as lines of JSON, to be kept where the owner of the database cannot reach them."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from callstore.eventlog.proof import export


class Command(BaseCommand):
    help = "Write the seals to standard output, a line of JSON each; docs/proof.md says how to check them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--after", type=int, default=0, metavar="N", help="only seals behind number N")
        parser.add_argument(
            "--events", action="store_true", help="before each seal, a line for each of its events"
        )

    def handle(self, *, after: int, events: bool, **options: Any) -> None:
        for line in export.lines(after, events=events):
            self.stdout.write(json.dumps(line, separators=(",", ":")))
