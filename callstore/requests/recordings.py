"""What is asked about recordings: to fetch one, and to have a gap in one transcribed."""

import re
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from callstore.domain.facts.ids import ACCOUNT_SID, CALL_SID, RECORDING_SID
from callstore.requests.request import Request, demand, is_text

URL = re.compile("https?://.{1,2000}")
LIVE_SESSION = re.compile(r"live_\w{8,100}", re.ASCII)  # no longer than a key of the storage
LATEST_S = 1e6  # of a recording: more than any has


@dataclass(frozen=True, slots=True)
class FetchRecording(Request):
    """Fetch the recording of a leg with a token of this account, and take it into the log."""

    TASK: ClassVar[str] = "ingest.fetch_recording"

    account_sid: str
    leg: str  # the call SID
    recording: str  # its SID
    url: str  # where Twilio said that it lies

    def check(self) -> None:
        demand(is_text(self.account_sid, ACCOUNT_SID), "account_sid is no account SID")
        demand(is_text(self.leg, CALL_SID), "leg is no call SID")
        demand(is_text(self.recording, RECORDING_SID), "recording is no recording SID")
        demand(is_text(self.url, URL), "url is no http(s) URL of at most 2,000 characters")


@dataclass(frozen=True, slots=True)
class FetchSessionRecording(Request):
    """Fetch what OpenAI keeps of a stored Live session, and take it into the log."""

    TASK: ClassVar[str] = "ingest.fetch_session_recording"

    session: str  # its id, `live_…`

    def check(self) -> None:
        demand(is_text(self.session, LIVE_SESSION), "session is no id of a Live session")


@dataclass(frozen=True, slots=True)
class RemoveRecording(Request):
    """Remove the sound of a recording whose call began more than so many days ago."""

    TASK: ClassVar[str] = "ingest.remove_recording"

    leg: str  # the call SID, or the id of the Live session
    recording: str  # its SID, or the same
    after_days: int

    def check(self) -> None:
        demand(is_text(self.leg, CALL_SID) or is_text(self.leg, LIVE_SESSION), "leg is no id of a leg")
        is_known = is_text(self.recording, RECORDING_SID) or is_text(self.recording, LIVE_SESSION)
        demand(is_known, "recording is no id of a recording")
        demand(type(self.after_days) is int and self.after_days > 0, "after_days is no number of days")


Fetch: TypeAlias = FetchRecording | FetchSessionRecording


@dataclass(frozen=True, slots=True)
class TranscribeGap(Request):
    """Have a gap in the recording of a leg read by a speech-to-text provider."""

    TASK: ClassVar[str] = "ingest.transcribe_tail"

    leg: str  # the call SID
    recording: str  # its SID
    start_s: float  # of the recording, as is the end
    end_s: float
    channel: int  # the caller's, 1 or 2

    def check(self) -> None:
        demand(is_text(self.leg, CALL_SID), "leg is no call SID")
        demand(is_text(self.recording, RECORDING_SID), "recording is no recording SID")
        demand(_is_moment(self.start_s) and _is_moment(self.end_s), "start_s and end_s are no seconds")
        demand(self.start_s < self.end_s, "end_s is not behind start_s")
        demand(type(self.channel) is int and self.channel in (1, 2), "channel is neither 1 nor 2")


def _is_moment(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -LATEST_S < value < LATEST_S
