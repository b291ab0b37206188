"""What a Live sideband reflects, gathered for who keeps it: fifty pieces a second of a side become one."""

from typing import NamedTuple

from ingest.dialects.openai.compaction import CARRIERS, REFLECTED, compacted
from ingest.dialects.openai.fields import OUTPUT_FORMAT, ServerEvent

# A stretch this long is told at once. In base64 a second of one side is 64 KB.
STRETCH_CHARACTERS = 64_000
# After such a pause in what comes, later audio is not what follows: a stretch has no hole.
PAUSE_S = 0.25


class Kept(NamedTuple):
    """An event to keep, without audio, and when it came (Unix s): a stretch when its last piece did."""

    came: float
    event: ServerEvent


class Gathering:
    """The events of one socket as they are to be kept. What is no reflected audio is kept at once.

    Whoever keeps them numbers what comes out, not what went in.
    """

    def __init__(self) -> None:
        self._runs: dict[str, list[ServerEvent]] = {}
        self._sizes: dict[str, int] = {}
        self._came: dict[str, float] = {}
        self._format: str | None = None

    def take(self, event: ServerEvent, came: float) -> list[Kept]:
        """What is to be kept now that this came."""
        kind = str(event.get("type"))
        if kind in ("session.created", "session.updated"):
            self._format = OUTPUT_FORMAT(event) or self._format
        if kind not in REFLECTED:
            return [Kept(came, compacted(event, audio_format=self._format))]
        found = self._end(kind) if self._broken(kind, event, came) else []
        self._runs.setdefault(kind, []).append(event)
        self._came[kind] = came
        self._sizes[kind] = self._sizes.get(kind, 0) + len(str(event.get(CARRIERS[kind]) or ""))
        return found + (self._end(kind) if self._sizes[kind] >= STRETCH_CHARACTERS else [])

    def rest(self) -> list[Kept]:
        """What is left when the socket is over."""
        return sorted((kept for kind in list(self._runs) for kept in self._end(kind)), key=lambda k: k.came)

    def _broken(self, kind: str, event: ServerEvent, came: float) -> bool:
        """Whether this is not what follows: something came late, or the session's clock has a hole."""
        if kind not in self._runs:
            return False
        before = self._runs[kind][-1].get("end_ms")
        return came - self._came[kind] > PAUSE_S or event.get("start_ms") != before

    def _end(self, kind: str) -> list[Kept]:
        run = self._runs.pop(kind, [])
        self._sizes.pop(kind, None)
        return [Kept(self._came[kind], compacted(*run))] if run else []
