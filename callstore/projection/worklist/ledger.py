"""Who keeps account of how far traces are projected: the log's heads for the live set of read models."""

from collections.abc import Iterable, Mapping
from typing import Protocol
from uuid import UUID


class Ledger(Protocol):
    """What a projection tells of its progress; `worklist.heads` is one, a rebuild has another."""

    def begin(self, traces: Iterable[UUID]) -> None:
        """These are about to be folded."""

    def release(self, traces: Iterable[UUID]) -> None:
        """These are left for another time, for no fault of theirs."""

    def finish(self, versions: Mapping[UUID, int]) -> None:
        """So much of these was folded and is saved with the transaction that is open."""

    def fail(self, trace: UUID, error: str) -> None:
        """This one could not be folded."""
