"""A test event through each door: a real delivery with a real proof, of no call."""

from collections.abc import Callable
from typing import NamedTuple


class Way(NamedTuple):
    """One way to the door: what it is called, its address, and how it went.

    `status` is the answer of HTTP, None where there was none; `error` why it failed, "" where it did not.
    """

    name: str
    url: str
    status: int | None
    took_s: float
    error: str

    @property
    def is_well(self) -> bool:
        return not self.error


class Trial(NamedTuple):
    """How each way went, the place of the application's event in the log, after how long; None: not there."""

    ways: list[Way]
    position: int | None
    kept_after_s: float | None


_send: list[Callable[[str], Trial]] = []


def sent_by(send: Callable[[str], Trial]) -> None:
    """Have this send test events; it stands on a higher floor and registers itself."""
    _send[:] = [send]


def send(own: str) -> Trial:
    """Send one to this process' own address and, where PUBLIC_BASE_URL is set, one to each door there.

    Raises django.db.DatabaseError.
    """
    [ask] = _send
    return ask(own)
