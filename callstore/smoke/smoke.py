"""The smoke test of an instance, from inside and from outside."""

from collections.abc import Iterator

from callstore.smoke import inside, outside
from callstore.smoke.fault import Fault


def smoke() -> Iterator[Fault]:
    """Every fault that is found, each in one sentence. What follows from a graver one is not said again.

    It leaves one fact `smoke.tested` a door in the log, which is of no call.
    """
    grave = list(inside.base())
    yield from grave
    if not grave:
        yield from inside.around()
        yield from outside.ask()
