"""Work spread over processes of our own. It imports no models: that is how such a process begins."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import TypeVar

import django
from django.conf import settings
from django.db import connection

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def spread(work: Callable[[Piece], Result], pieces: Sequence[Piece], processes: int) -> Iterator[Result]:
    """What `work` makes of each piece, as it gets done; with one process here, else in others.

    Raises BrokenProcessPool where one of them was killed.
    """
    processes = min(processes, len(pieces))
    if processes <= 1:
        yield from map(work, pieces)
        return
    # Spawned, since a connection must not be shared; to our database, whatever the environment names.
    database = str(connection.settings_dict["NAME"])
    with ProcessPoolExecutor(processes, get_context("spawn"), _start, (database,)) as pool:
        try:
            for future in as_completed([pool.submit(work, piece) for piece in pieces]):
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _start(database: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    os.nice(5)  # doors and pages first
