"""The log's epochs: between a restore and what came before it transaction numbers tell no order."""

from datetime import datetime
from typing import NamedTuple

from callstore.eventlog.db.statement import run

PRESENT = """
SELECT epoch, began_at, log.epoch_fault() IS NULL AND place = log.place() FROM log.epoch
ORDER BY epoch DESC LIMIT 1
"""


class Epoch(NamedTuple):
    """The newest epoch, when it began, and whether it began in this database on this timeline."""

    number: int
    began_at: datetime
    is_of_here: bool


def present() -> Epoch:
    """The newest epoch. Raises django.db.DatabaseError, also where the database is a replica."""
    return Epoch(*run(PRESENT, [])[0])


def begin() -> Epoch:
    """Begin a new epoch unless the newest is of here; the newest then.

    For the owner of the tables, before anything is appended to a restored log.
    """
    run("SELECT log.settle_epoch()", [])  # what a migration named stays
    return present()
