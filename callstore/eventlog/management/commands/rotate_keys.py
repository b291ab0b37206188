from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from callstore.base.progress import Bar
from callstore.eventlog.crypto import keyring
from callstore.eventlog.crypto.operator import NotTheOperator, become_operator


class Command(BaseCommand):
    help = "Wrap every call's key under the first LOG_KEY; the ones behind it may then be dropped."

    def handle(self, **options: Any) -> None:
        try:
            become_operator()
            with Bar(keyring.size(), self.stderr, "keys") as bar:
                changed = keyring.rotate(bar)
        except (NotTheOperator, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{changed:,} of {bar.done:,} keys were wrapped anew; the log is as it was.")
