import signal
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from callstore.eventlog.crypto import key_check
from callstore.projection import relay


class Command(BaseCommand):
    help = "Find calls whose log moved and enqueue them for the workers, until SIGTERM or Ctrl-C."
    # It signs nothing and opens nothing: where each process has its own secrets it has neither SECRET_KEY nor
    # LOG_KEY. `prepare` and web check the settings.
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        # Where each process has its own secrets the relay has no LOG_KEY: it opens nothing.
        if settings.LOG_KEYS and (fault := key_check.fault()):
            raise CommandError(fault)
        stop = Event()
        for signal_ in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signal_, lambda *_: stop.set())
        relay.run(stop)
