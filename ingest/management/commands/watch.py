import asyncio
import signal
from typing import Any

import uvloop
from django.core.management.base import BaseCommand, CommandError

from callstore.base.process import collector
from callstore.eventlog.crypto import key_check
from ingest.doors import noting
from ingest.spool import drain
from ingest.watch import watcher


class Command(BaseCommand):
    help = "Listen to every AI session that a webhook announces, until SIGTERM or Ctrl-C."
    requires_system_checks: list[str] = []  # `prepare` and web check the settings

    def handle(self, **options: Any) -> None:
        if fault := key_check.fault():
            raise CommandError(fault)
        drain.start()
        noting.start()
        collector.relax()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_until_told())


async def _until_told() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await watcher.run(stop)
