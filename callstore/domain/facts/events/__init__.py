"""The closed vocabulary: every kind of fact the log can hold, as frozen values.

An event does not repeat its subject (the leg or AI session it is about): the record that carries it
names that. Fields listed in PERSONAL are encrypted under the call's key and vanish with it; all
others are stored in the clear and must never hold a number, a name or a spoken word.
"""

from typing import TypeAlias

from callstore.domain.facts.events.conference import ConferenceChanged
from callstore.domain.facts.events.flow import DialFinished, DigitsPressed, FlowAnswered, FlowAsked
from callstore.domain.facts.events.frame import (
    Frame,
    FrameSeen,
    FrameSent,
    InputTimedOut,
    PlaybackChanged,
    ReplyAudio,
    ReplyFinished,
    ReplySpoken,
    ReplyStarted,
    SessionClosed,
    SessionConfigured,
    SessionDigit,
    SessionErrored,
    SpeechStarted,
    SpeechStopped,
    ToolCalled,
    TurnCommitted,
    TurnFailed,
    TurnTranscribed,
)
from callstore.domain.facts.events.legs import (
    AnswererFound,
    LegChanged,
    LegStatus,
    LegSummarised,
    MediaNoted,
    ProviderWarned,
)
from callstore.domain.facts.events.live import (
    AudioReflected,
    DelegationCreated,
    InputHeld,
    IntervalTranscribed,
    LiveFrame,
    TransportChanged,
    UsageReported,
)
from callstore.domain.facts.events.other import (
    AppSaid,
    CallErased,
    CallNoted,
    CallOverdue,
    IncidentPublished,
    MonthRetired,
    SmokeTested,
    TwilioAsked,
    Unrecognised,
)
from callstore.domain.facts.events.recording import (
    GapTranscribed,
    RecordingAnalysed,
    RecordingFailed,
    RecordingNudged,
    RecordingRemoved,
    RecordingStatus,
    Span,
)
from callstore.domain.facts.events.session import (
    ApiCalled,
    SessionOffered,
    SocketClosed,
    SocketOpened,
    WatchChanged,
)
from callstore.domain.facts.events.stream import StreamStatus
from callstore.domain.facts.events.transcription import WordsHeard, WordsWatched

FrameEvent: TypeAlias = (
    FrameSeen | FrameSent | SessionConfigured | SpeechStarted | SpeechStopped | InputTimedOut
    | TurnCommitted | TurnTranscribed | TurnFailed | ReplyStarted | ReplySpoken | ReplyFinished
    | PlaybackChanged | ToolCalled | SessionErrored | SessionDigit | SessionClosed
    | IntervalTranscribed | InputHeld | DelegationCreated | UsageReported | TransportChanged
    | AudioReflected | ReplyAudio
)  # fmt: skip
Event: TypeAlias = (
    LegStatus | LegSummarised | MediaNoted | LegChanged | AnswererFound | ConferenceChanged
    | FlowAsked | DigitsPressed | DialFinished | FlowAnswered | ProviderWarned
    | StreamStatus | WordsWatched | WordsHeard
    | RecordingStatus | RecordingAnalysed | RecordingFailed | RecordingRemoved | RecordingNudged
    | GapTranscribed
    | SessionOffered | FrameEvent | SocketOpened | SocketClosed | WatchChanged | ApiCalled
    | TwilioAsked | SmokeTested
    | AppSaid | IncidentPublished | CallErased | CallNoted | CallOverdue | MonthRetired | Unrecognised
)  # fmt: skip

__all__ = [
    "AnswererFound", "ApiCalled", "AppSaid", "AudioReflected", "CallErased", "CallNoted", "CallOverdue",
    "ConferenceChanged", "DelegationCreated", "DialFinished", "DigitsPressed", "Event", "FlowAnswered",
    "FlowAsked", "Frame", "FrameEvent", "FrameSeen", "FrameSent", "GapTranscribed", "IncidentPublished",
    "InputHeld", "InputTimedOut", "IntervalTranscribed", "LegChanged", "LegStatus", "LegSummarised",
    "LiveFrame", "MediaNoted", "MonthRetired", "PlaybackChanged", "ProviderWarned", "RecordingAnalysed",
    "RecordingFailed", "RecordingNudged", "RecordingRemoved", "RecordingStatus", "ReplyAudio",
    "ReplyFinished", "ReplySpoken", "ReplyStarted", "SessionClosed", "SessionConfigured", "SessionDigit",
    "SessionErrored", "SessionOffered", "SmokeTested", "SocketClosed", "SocketOpened", "Span",
    "SpeechStarted", "SpeechStopped", "StreamStatus", "ToolCalled", "TransportChanged", "TurnCommitted",
    "TurnFailed", "TurnTranscribed", "TwilioAsked", "Unrecognised", "UsageReported", "WatchChanged",
    "WordsHeard", "WordsWatched",
]  # fmt: skip
