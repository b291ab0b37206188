"""Spreads the log over the nodes of a Citus cluster."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, transaction

from callstore.eventlog.db import shards


class Command(BaseCommand):
    help = "Spread the log over the nodes of Citus, an extension of Postgres. Run by the owner of the tables."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--print", action="store_true", help="print the statements, and run none")

    def handle(self, *, print: bool, **options: Any) -> None:
        if print:
            self.stdout.write("\n".join(f"{statement};" for statement in shards.statements()))
            return
        if not shards.is_there():
            raise CommandError(
                "This database has no Citus: load it on every node (shared_preload_libraries = 'citus'), run"
                " CREATE EXTENSION citus in this database, add the nodes by citus_add_node, and come again."
            )
        if shards.is_spread():
            self.stdout.write("The log is spread already.")
            return
        if keys := shards.keys_of_many_nodes():
            raise CommandError(
                f"These unique keys lack the column that spreads their table: {'; '.join(keys)}"
            )
        try:
            with transaction.atomic():
                shards.spread()
        except DatabaseError as error:
            raise CommandError(f"Nothing was spread. Postgres says: {error}") from error
        self.stdout.write(
            f"Spread: {', '.join(shards.DISTRIBUTED)}. On each node: {', '.join(shards.REFERENCE)}."
        )
