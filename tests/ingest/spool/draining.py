"""Draining the spool of the tests in their own thread, whose transaction a test takes back."""

from ingest.spool.drain import Drain
from ingest.spool.spool import spool

STEPS = 1_000


def drained(again=False):
    """Drain until nothing waits; with `again` first what was set aside, as at each start."""
    drain = Drain(spool())
    if again:
        drain.try_again()
    for _ in range(STEPS):
        drain.step()
        if not spool().pending():
            return
    raise AssertionError("something waits for ever")
