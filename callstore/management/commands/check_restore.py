"""Whether a restored database is whole: what follows each restore, in one command."""

from collections.abc import Callable
from datetime import UTC
from itertools import chain
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from callstore.eventlog.crypto import key_check
from callstore.eventlog.crypto.operator import become_owner_of_up
from callstore.eventlog.db import epoch
from callstore.eventlog.heads import leases
from callstore.eventlog.retention import retire
from callstore.media.storage import storage
from callstore.projection import projector
from callstore.projection.slices import slices

BATCH = 20  # traces; as a worker takes them
PRESENT = ("recording_state = %s", ["present"])


class Command(BaseCommand):
    help = "On a restored database: begin a new epoch, verify_log, rebuild --check. Exits 1 on any doubt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seals", metavar="FILE", help="compare with seals exported before")
        parser.add_argument(
            "--recordings", action="store_true", help="look whether each recording is in RECORDING_STORAGE"
        )

    def handle(self, *, seals: str | None, recordings: bool, **options: Any) -> None:
        self.begin_epoch()
        steps: dict[str, Callable[[], None]] = {
            "verify_log": lambda: self.call("verify_log", *(["--seals", seals] if seals else [])),
            "rebuild": self.compare,
        }
        if recordings:
            steps["recordings"] = self.look_for_recordings
        failed = []
        for name, step in steps.items():
            try:
                step()
            except (CommandError, ImproperlyConfigured, OSError) as error:
                self.stdout.write(f"{name}: {error}")
                failed.append(name)
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

    def call(self, command: str, *given: str) -> None:
        """Run another command, which says on our output what it finds."""
        call_command(command, *given, stdout=self.stdout, stderr=self.stderr)

    def compare(self) -> None:
        """Compare read models and log. What a dump of a running system caught on its way is projected first:
        a call that waits is not wrong."""
        if fault := key_check.fault():
            raise CommandError(fault)
        while leased := leases.take(BATCH, lambda: 60.0):
            projector.project([lease.trace for lease in leased])
        self.call("rebuild", "--check")

    def look_for_recordings(self) -> None:
        """Name each recording that a call tells of and the storage does not have. Raises OSError of it."""
        store, told, missing = storage(), 0, 0
        for call in chain.from_iterable(slices(PRESENT)):
            for key in filter(None, (entry["media"] for entry in call.get("recordings") or ())):
                told += 1
                if store.size(key) is None:
                    missing += 1
                    self.stdout.write(f"{call['call_id']}: {key} is not in RECORDING_STORAGE")
        if missing:
            raise CommandError(f"{missing:,} of {told:,} recordings are missing.")
        self.stdout.write(f"{told:,} recordings are there.")
