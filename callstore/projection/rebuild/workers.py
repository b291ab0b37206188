"""Work spread over processes of our own. It imports no models: that is how such a process begins."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Protocol, TypeVar

import django
from django.conf import settings
from django.db import connection

from callstore.base.process import collector

Piece = TypeVar("Piece")
Result = TypeVar("Result")


class Spread(Protocol):
    """What `work` makes of each piece, as it gets done. Raises BrokenProcessPool where a process died."""

    def __call__(self, work: Callable[[Piece], Result], pieces: Iterable[Piece], /) -> Iterator[Result]: ...


@contextmanager
def pool(processes: int) -> Iterator[Spread]:
    """Processes that serve until the block ends, each begun when there is work for it; for one, this one."""
    if processes <= 1:
        yield map
        return
    # Spawned, since a connection must not be shared; to our database, whatever the environment names.
    database = str(connection.settings_dict["NAME"])
    with ProcessPoolExecutor(processes, get_context("spawn"), _start, (database,)) as executor:

        def spread(work: Callable[[Piece], Result], pieces: Iterable[Piece], /) -> Iterator[Result]:
            for future in as_completed([executor.submit(work, piece) for piece in pieces]):
                yield future.result()

        try:
            yield spread
        finally:
            executor.shutdown(cancel_futures=True)


def _start(database: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    collector.relax()
    os.nice(5)  # doors and pages first
