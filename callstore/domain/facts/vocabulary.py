"""The words a call is told in, each list once: as a type for who writes them, as a tuple for who reads.

They are public: a word that is added here must be searchable and shown, or a test fails.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

# --- What is judged ---------------------------------------------------------------------------

VerdictWord: TypeAlias = Literal[
    "live", "natural_end", "caller_hung_up", "app_ended", "false_finish", "ai_silent_first",
    "ai_closed_first", "ai_deaf", "ai_mute", "flow_ended", "limit_reached", "never_connected", "inconclusive",
]  # fmt: skip
VERDICTS: tuple[VerdictWord, ...] = get_args(VerdictWord)

# The slug of the finding that decided.
Cause: TypeAlias = Literal[
    "agent_finished", "caller_hangup", "tail_loss", "app_hangup", "false_finish", "silent_session_loss",
    "drop_mid_speech", "server_error", "account_refused", "content_filter", "beta_shape",
    "session_closed_early",
    "deaf_session", "mute_agent", "replies_failed",
    "max_duration", "twilio_limit", "flow_redirect", "refer_lost",
    "never_reached_app", "never_accepted", "accept_refused", "accepted_unusable", "ghost_call",
    "region_mismatch", "standalone_leg", "stream_failed",
]  # fmt: skip
CAUSES: tuple[Cause, ...] = get_args(Cause)
# The verdict each leads to.
LEADS_TO: Mapping[Cause, VerdictWord] = {
    "agent_finished": "natural_end",
    "caller_hangup": "caller_hung_up",
    "tail_loss": "caller_hung_up",
    "app_hangup": "app_ended",
    "false_finish": "false_finish",
    "silent_session_loss": "ai_silent_first",
    "drop_mid_speech": "ai_closed_first",
    "server_error": "ai_closed_first",
    "account_refused": "ai_closed_first",
    "content_filter": "ai_closed_first",
    "beta_shape": "ai_closed_first",
    "session_closed_early": "ai_closed_first",
    "deaf_session": "ai_deaf",
    "mute_agent": "ai_mute",
    "replies_failed": "ai_mute",
    "max_duration": "limit_reached",
    "twilio_limit": "limit_reached",
    "flow_redirect": "flow_ended",
    "refer_lost": "flow_ended",
    "never_reached_app": "never_connected",
    "never_accepted": "never_connected",
    "accept_refused": "never_connected",
    "accepted_unusable": "never_connected",
    "ghost_call": "never_connected",
    "region_mismatch": "never_connected",
    "standalone_leg": "never_connected",
    "stream_failed": "never_connected",
}

Confidence: TypeAlias = Literal["high", "medium", "low"]  # surest first
CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)

Certainty: TypeAlias = Literal["shown", "consistent"]  # of one finding

Stance: TypeAlias = Literal["supports", "contradicts", "missing", "not_applicable"]  # of a check to a verdict
STANCES: tuple[Stance, ...] = get_args(Stance)

Actor: TypeAlias = Literal["ai", "caller", "app", "twilio", "unknown"]  # who ended first
ACTORS: tuple[Actor, ...] = get_args(Actor)

# --- What was heard ---------------------------------------------------------------------------

LossKind: TypeAlias = Literal["heard_not_transcribed", "not_heard", "unknown"]  # of one gap
LOSS_KINDS: tuple[LossKind, ...] = get_args(LossKind)

GapKind: TypeAlias = Literal["none", "pending", LossKind]  # of a whole call
GAP_KINDS: tuple[GapKind, ...] = get_args(GapKind)

TruncationBasis: TypeAlias = Literal["recording", "ai_audio", "twilio_transcript", "ai_vad"]  # of a cut

NumbersBasis: TypeAlias = Literal["recording", "ai_events"]  # the witness of who spoke when

Speaker: TypeAlias = Literal["caller", "agent", "unknown"]

# `open`: begun and never closed; `missing`: closed, and no transcript came.
TurnState: TypeAlias = Literal["transcribed", "failed", "missing", "open"]
TURN_STATES: tuple[TurnState, ...] = get_args(TurnState)

# --- What is marked, and what was seen at all -------------------------------------------------

CallFlag: TypeAlias = Literal["truncated", "suspicious", "live", "late", "orphan", "incomplete"]
CALL_FLAGS: tuple[CallFlag, ...] = get_args(CallFlag)  # follow from the call itself
Flag: TypeAlias = Literal[CallFlag, "reviewed", "false_positive", "exported"]  # the last three are readers'
FLAGS: tuple[Flag, ...] = get_args(Flag)

SourceName: TypeAlias = Literal[
    "child_callbacks", "parent_callbacks", "dial_action", "ai_webhook", "ai_events", "ai_close",
    "transcript", "recording", "insights", "twilio_transcript",
]  # fmt: skip
SOURCE_NAMES: tuple[SourceName, ...] = get_args(SourceName)
SourceState: TypeAlias = Literal["present", "pending", "off", "failed", "expired", "never_expected"]
SOURCE_STATES: tuple[SourceState, ...] = get_args(SourceState)

# --- What people make of it -------------------------------------------------------------------

ReviewState: TypeAlias = Literal["new", "investigating", "confirmed", "not_suspicious", "resolved"]
REVIEW_STATES: tuple[ReviewState, ...] = get_args(ReviewState)  # in the order of the work
CONCLUDED: frozenset[ReviewState] = frozenset({"confirmed", "not_suspicious", "resolved"})
Vote: TypeAlias = Literal["agrees", "disagrees", "withdrawn"]  # with the verdict that the call then had
VOTES: tuple[Vote, ...] = get_args(Vote)

# --- Legs, requests, sessions -----------------------------------------------------------------

# How the caller's media reaches the AI: a leg that TwiML dials, a conference of both legs, a stream to the
# application, a SIP trunk without any callback, or a leg of the AI's alone.
Topology: TypeAlias = Literal["sip_dial", "conference", "media_streams", "elastic_trunk", "direct"]
TOPOLOGIES: tuple[Topology, ...] = get_args(Topology)

LegRole: TypeAlias = Literal["parent", "child", "other"]
# As Twilio writes them, in the order of a leg's life (twilio.com/docs/voice/api/call-resource).
RunningStatus: TypeAlias = Literal["queued", "initiated", "ringing", "in-progress"]
RUNNING: tuple[RunningStatus, ...] = get_args(RunningStatus)
FinalStatus: TypeAlias = Literal["completed", "busy", "no-answer", "failed", "canceled"]
TERMINAL: frozenset[str] = frozenset(get_args(FinalStatus))
STATUSES: tuple[RunningStatus | FinalStatus, ...] = (*RUNNING, *get_args(FinalStatus))

HUNG_UP = (
    "hangup"  # the Digits of a <Record> that the caller ended by leaving (twilio.com/docs/voice/twiml/record)
)
AskKind: TypeAlias = Literal["voice", "gather", "dial"]  # which verb of TwiML asks what to do next
StreamState: TypeAlias = Literal["started", "stopped", "error"]  # of a media stream
AiApi: TypeAlias = Literal["realtime", "live"]
AI_APIS: tuple[AiApi, ...] = get_args(AiApi)
WarningLevel: TypeAlias = Literal["error", "warning", "notice", "debug"]
StatementKind: TypeAlias = Literal["hangup_requested", "session_finished", "exception", "log", "deployed"]

# --- What to do -------------------------------------------------------------------------------

AdviceWord: TypeAlias = Literal["reconnect", "apologise_and_transfer", "hang_up", "unknown"]
