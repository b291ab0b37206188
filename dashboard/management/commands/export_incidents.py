"""manage.py export_incidents: the incident export on standard output."""

import os
import sys
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from callstore.people import audit
from callstore.projection.slices import slices
from callstore.search.compile import where
from callstore.search.errors import QueryError
from dashboard.export import files
from dashboard.export.incident import About
from dashboard.export.taken_calls import entered

BY = "manage.py export_incidents"


class Command(BaseCommand):
    help = "Write the calls that a query finds as incident_csv/2, a row each, to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--q", default="", metavar="QUERY", help="such as is:truncated; all calls without"
        )
        parser.add_argument("--format", default="csv", choices=["csv", "jsonl"])

    def handle(self, *args: Any, q: str, format: str, **options: Any) -> None:
        about = About(q, datetime.now(UTC))
        try:
            condition = where(q, about.at)
        except QueryError as error:
            raise CommandError(f"the query cannot be read\n{error.pointed(q)}") from None
        audit.record("command", "exported", export=str(about.id), kind=format, schema=about.schema)
        pieces = files.csv_pieces if format == "csv" else files.json_pieces
        try:
            for piece in pieces(entered(slices(condition, outlines=True), about, BY, format), about):
                self.stdout.write(piece, ending="")
            self.stdout.flush()
        except BrokenPipeError:
            # Whoever read has read enough (`| head`); Python must not complain again when it exits.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
