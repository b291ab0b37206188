import json
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from callstore.base.progress import Bar
from callstore.eventlog.proof import retired_leaves, verify
from callstore.eventlog.retention import months

MOST = 100  # doubts that are printed


class Command(BaseCommand):
    help = "Prove that the log is what was written: guard, digests, seals, counts. Exits 1 on any doubt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seals", metavar="FILE", type=Path, help="compare with seals exported before")

    def handle(self, *, seals: Path | None, **options: Any) -> None:
        known = self.exported(seals) if seals else {}
        began = monotonic()
        with Bar(verify.size(), self.stderr, "events") as bar:
            found = list(islice(verify.doubts(known, bar), MOST))
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(
                f"The log is in doubt: {'more than ' * (len(found) == MOST)}{len(found)} reasons."
            )
        rate = bar.done / max(0.001, monotonic() - began)
        self.stdout.write(
            f"The log is proved: {bar.done:,} events at {rate:,.0f} a second;"
            f" {verify.unsealed():,} wait for the next seal."
        )
        if gone := retired_leaves.size():
            self.stdout.write(f"{gone:,} of them were retired: their digests stayed.")
        for line in months.alarms():
            self.stdout.write(f"Note: {line}.")

    def exported(self, path: Path) -> dict[int, str]:
        try:
            lines = [json.loads(line) for line in path.read_text().splitlines()]
            known = {line["seal"]: line["this"] for line in lines if "seal" in line}
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise CommandError(f"{path} is no export of seals: {error}") from None
        if not known:
            raise CommandError(f"{path} holds no seal")
        return known
