"""Make a login, and ask for its password."""

import sys
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from callstore.people import accounts, audit
from callstore.people.who import ROLES


class Command(BaseCommand):
    help = "Makes a login with a role. Asks for its password; where no terminal is, its first line is read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--role", required=True, choices=ROLES)

    def handle(self, *args: Any, name: str, role: str, **options: Any) -> None:
        try:
            user = accounts.make(name, role, password())
        except accounts.Unwanted as error:
            raise CommandError(str(error)) from None
        audit.record("manage.py", "user_changed", user=user.get_username(), change="made", role=role)
        self.stdout.write(f"Made the login {user.get_username()}, whose role is {role}.")


def password() -> str:
    """The password: typed twice at a terminal, else the first line of standard input. Raises CommandError."""
    if not sys.stdin.isatty():
        given = sys.stdin.readline().rstrip("\r\n")
        if not given:
            raise CommandError("Standard input has no password: write one line to it, or use a terminal.")
        return given
    typed = getpass("Password: ")
    if typed != getpass("The same again: "):
        raise CommandError("The two are not the same. Nothing was made.")
    return typed
