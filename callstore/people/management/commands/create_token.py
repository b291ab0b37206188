"""Make a bearer token for a program, and print it once."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from callstore.people import audit, tokens
from callstore.people.who import MADE_SCOPES


class Command(BaseCommand):
    help = "Makes a bearer token and prints it, alone on standard output. It cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="by which the page of tokens and the audit tell it")
        parser.add_argument("--scope", required=True, choices=MADE_SCOPES)
        parser.add_argument("--expires", metavar="T", help="a time such as 2027-01-31 or 2027-01-31T12:00Z")

    def handle(self, *args: Any, name: str, scope: str, expires: str | None, **options: Any) -> None:
        until = moment(expires) if expires else None
        try:
            made = tokens.make(name, scope, "manage.py", until)
        except tokens.BadToken as error:
            raise CommandError(str(error)) from None
        audit.record("manage.py", "token_made", token=made.token.name, scope=scope, prefix=made.token.prefix)
        self.stdout.write(made.text)


def moment(text: str) -> datetime:
    """The time that a text means, UTC where it does not say. Raises CommandError."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--expires {text!r} is no time such as 2027-01-31T12:00Z.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
