"""manage.py dead_letters: the events that an endpoint did not take for a day, and sending them again."""

from datetime import UTC, datetime
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser

from callstore.outbound import deliveries
from callstore.outbound.models import Delivery


class Command(BaseCommand):
    help = "Lists the events that were given up, the newest first; --replay sends them again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--endpoint", type=int, help="of this endpoint alone, by its number")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument(
            "--replay", nargs="*", type=int, metavar="ID", help="send these again; all of them without an ID"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        found = deliveries.given_up()
        if options["endpoint"] is not None:
            found = found.filter(endpoint_id=options["endpoint"])
        if options["replay"] is None:
            for each in found:
                self.stdout.write(self._line(each, options["json"]))
            return
        if ids := options["replay"]:
            found = found.filter(pk__in=ids)
        if not (times := deliveries.replay(found, datetime.now(UTC))) and ids:
            raise CommandError("None of these is a dead letter.")
        self.stdout.write(f"{times} will be sent again.")

    def _line(self, each: Delivery, as_json: bool) -> str:
        told = {
            "id": each.pk,
            "endpoint": each.endpoint_id,
            "url": each.endpoint.url,
            "type": each.event.type,
            "call_id": str(each.call_id),
            "sequence": each.event.sequence,
            "made_at": each.event.made_at.isoformat(timespec="milliseconds"),
            "attempts": each.attempts,
            "error": each.error,
        }
        return orjson.dumps(told).decode() if as_json else "  ".join(str(value) for value in told.values())
