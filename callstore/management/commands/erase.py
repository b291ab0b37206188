from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from callstore.eventlog.crypto.operator import NotTheOperator, become_operator
from callstore.projection.retention import erasure as read_models
from ingest.retention import erasure

JOURNAL_STAYS = (
    "The files of the tables are written anew. Postgres' journal still holds what they held until its"
    " segments are removed or written over, and this role may not end it. What lets it, run by a superuser:"
)


class Command(BaseCommand):
    help = "Remove numbers, words and audio of a call for ever, and keep its times and the proof."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "call", metavar="CALL", help="any id of the call: ours, a call SID, an AI call id"
        )
        parser.add_argument("--reason", required=True, help="kept with the call, so it must name nobody")
        parser.add_argument(
            "--scrub",
            action="store_true",
            help="also write the files of the read models anew, as their owner",
        )

    def handle(self, *, call: str, reason: str, scrub: bool, **options: Any) -> None:
        if not reason.strip():
            raise CommandError("Say why: --reason is kept with the call.")
        try:
            become_operator()
        except NotTheOperator as error:
            raise CommandError(str(error)) from None
        traces = read_models.component(call)
        if not traces:
            raise CommandError(f"No call has the id {call}.")
        keys, left = 0, None
        try:
            keys = erasure.erase(traces, reason.strip())
        except OSError as error:  # of the store of recordings: all else is done by then, or is done below
            left = error
        if failed := read_models.redact(traces):
            raise CommandError("\n".join(["Erased, but the rest of the call could not be folded:", *failed]))
        if scrub:
            try:
                lacking = read_models.scrub()
            except DatabaseError as error:
                raise CommandError(f"Erased, but the files could not be written anew: {error}") from None
            if lacking:
                self.stderr.write("\n".join([JOURNAL_STAYS, *lacking]))
        if left:
            raise CommandError(
                f"Erased, but its audio could not be removed: {left.strerror}. Erase it again."
            )
        self.stdout.write(
            f"Call {min(traces)} is erased." if keys else f"Call {min(traces)} was erased before."
        )
