"""manage.py verdict: the verdict panel of a call as text."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from callstore.projection import queries
from dashboard.call.text_report import text_report


class Command(BaseCommand):
    help = "Say who ended a call, on what evidence, and what is missing, as its page does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("call", help="our id, any of its Twilio call SIDs or its AI call id")

    def handle(self, *, call: str, **options: object) -> None:
        document = queries.find(call)
        if document is None:
            month = queries.expired(call)
            gone = f"The events of this call have expired: it is of {month}."
            raise CommandError(gone if month else f"No call has the id {call}.")
        self.stdout.write(text_report(document), ending="")
