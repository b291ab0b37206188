"""What was recorded, streamed and transcribed of a call's legs, and what was read again in a gap."""

from dataclasses import dataclass, field
from typing import NamedTuple

from callstore.domain.call.observation import Observation
from callstore.domain.facts.events import RecordingAnalysed


@dataclass(slots=True)
class Recording:
    """One recording and what was heard in it; `leg` is whose it is: a leg, or an AI session."""

    sid: str
    leg: str
    status: str | None = None
    seen: Observation | None = None
    started_at: float | None = None
    duration_s: float | None = None
    channels: int | None = None
    track: str | None = None
    url: str | None = None
    account: str | None = None  # whose token may be sent to that URL
    analysis: RecordingAnalysed | None = None
    analysed: Observation | None = None
    failed: Observation | None = None
    failure: str | None = None
    failed_for_good: bool = False
    removed: Observation | None = None  # its sound, which was kept here; what was heard in it stays
    nudge_s: float = 0.0  # how far it was moved by hand from where it was aligned
    nudged: Observation | None = None
    gone: bool = False  # its provider has it no more

    @property
    def is_of_session(self) -> bool:
        """Whether OpenAI keeps it of a session: whose voice is on which of its channels nobody says."""
        return self.sid == self.leg


class Phrase(NamedTuple):
    """Words as Twilio's transcription gave them: so far, or final. `sequence` is Twilio's own number."""

    seen: Observation
    sequence: int
    track: str
    final: bool
    text: str | None
    confidence: float | None
    language: str | None


@dataclass(slots=True)
class Transcription:
    """One real-time transcription of a leg by Twilio."""

    sid: str
    leg: str
    engine: str | None = None
    started: Observation | None = None
    stopped: Observation | None = None
    failed: Observation | None = None
    failure: str | None = None
    written: list[Phrase] = field(default_factory=list)


@dataclass(slots=True)
class MediaStream:
    """One media stream of a leg; `failed` is Twilio's word for one that was refused or broke."""

    sid: str
    leg: str
    started: Observation | None = None
    stopped: Observation | None = None
    failed: Observation | None = None
    error_code: str | None = None


class GapReading(NamedTuple):
    """What a speech-to-text provider read in a gap of a recording, seconds from its first sample."""

    seen: Observation
    recording: str
    start_s: float
    end_s: float
    provider: str
    model: str
    text: str | None
