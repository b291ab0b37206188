"""Whether a restored database is whole: what follows each restore, in one command."""

from datetime import UTC
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from callstore.eventlog.crypto import key_check
from callstore.eventlog.crypto.operator import become_owner_of_up
from callstore.eventlog.db import epoch
from callstore.eventlog.heads import leases
from callstore.eventlog.retention import retire
from callstore.projection import projector

BATCH = 20  # traces; as a worker takes them


class Command(BaseCommand):
    help = "On a restored database: begin a new epoch, verify_log, rebuild --check. Exits 1 on any doubt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seals", metavar="FILE", help="compare with seals exported before")

    def handle(self, *, seals: str | None, **options: Any) -> None:
        self.begin_epoch()
        failed = []
        for command, given in (("verify_log", ["--seals", seals] if seals else []), ("rebuild", ["--check"])):
            try:
                if command == "rebuild":
                    self.catch_up()
                call_command(command, *given, stdout=self.stdout, stderr=self.stderr)
            except (CommandError, ImproperlyConfigured) as error:
                self.stdout.write(f"{command}: {error}")
                failed.append(command)
        if failed:
            raise CommandError(f"The restore is in doubt: {' and '.join(failed)} found what is above.")
        self.stdout.write("The restore is whole.")

    def begin_epoch(self) -> None:
        """Tell positions apart that are given again, for other rows than seals and exports outside know."""
        now = epoch.present()
        if not now.is_of_here:
            if not retire.is_owner():
                become_owner_of_up()
            if not retire.is_owner():
                raise CommandError(
                    "This log was restored, and only the owner of its tables may begin its new epoch:"
                    " set DATABASE_URL to theirs."
                )
            now = epoch.begin()
        self.stdout.write(f"Epoch {now.number}, since {now.began_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC.")

    def catch_up(self) -> None:
        """Project what a dump of a running system caught on its way: a call that waits is not wrong."""
        if fault := key_check.fault():
            raise CommandError(fault)
        while leased := leases.take(BATCH, lambda: 60.0):
            projector.project([lease.trace for lease in leased])
