"""What happens to those who attach to a session: one answer after the other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


class Said(NamedTuple):
    """A frame as it goes over the wire, so many seconds after the one before it."""

    frame: str | bytes
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """The request to attach is answered with this status: 404 is the API's word before and after."""

    status: int = 404


@dataclass(frozen=True, slots=True)
class Play:
    """The socket opens, frames are said, and it is closed with a code, or cut without a frame (None).

    `stays_s` is how long it stays open after the last frame. A session that began at `began_at` (Unix
    seconds) goes on whether anybody listens or not: who attaches later hears at once what was said before.
    Without it, it begins as somebody attaches.
    """

    frames: Iterable[Said] = ()
    code: int | None = 1000
    reason: str = ""
    stays_s: float = 0.0
    began_at: float | None = None


Answer: TypeAlias = Refusal | Play


class Script:
    """The answers to those who attach to one session, in turn; after the last of them there is no session."""

    def __init__(self, *answers: Answer) -> None:
        self._ahead: Iterator[Answer] = iter(answers)

    @classmethod
    def of(cls, play: Play, *, not_yet: int = 0) -> "Script":
        """A session that is played once, after so many attempts that came before it was accepted."""
        return cls(*[Refusal()] * not_yet, play)

    def next(self) -> Answer:
        """What the next one is answered."""
        return next(self._ahead, Refusal())
