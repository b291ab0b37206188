"""Writing what doors note in memory while they answer, so that what is refused costs no database."""

import threading
from time import sleep

from django.db import close_old_connections

from ingest.arrivals import repeats
from ingest.doors import rejections


def flush() -> bool:
    """Write what was noted since; whether anything was."""
    return any([rejections.flush(), repeats.flush()])


def start() -> None:
    """Do so once a second, for as long as this process lives: in a thread."""
    threading.Thread(target=_run, daemon=True, name="noting").start()


def _run() -> None:
    while True:
        sleep(1.0)
        if flush():
            close_old_connections()
