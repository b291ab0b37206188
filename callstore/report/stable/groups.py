"""The stable fields of a call, each once: name, type, unit, meaning and where it comes from.

They stand as in docs/fields.md, in the groups that are filled elsewhere: `fields.py`, `judged.py`,
`../talking/numbers.py`, `../topology/setting.py`. None is not known; false is a fact.
"""

from typing import Annotated, TypedDict

from callstore.domain.facts.vocabulary import (
    Actor,
    AiApi,
    Cause,
    Confidence,
    Flag,
    GapKind,
    NumbersBasis,
    ReviewState,
    SourceName,
    SourceState,
    Topology,
    TruncationBasis,
    VerdictWord,
)
from callstore.report.document_judgement import IncidentPart, SourcePart
from callstore.report.stable.field import Field


class CallId(TypedDict):
    call_id: Annotated[str, Field("our id of the call: that of its first trace", "the log")]


class Identity(TypedDict):
    parent_call_sid: Annotated[str | None, Field("the caller's leg", "Twilio, CallSid")]
    child_call_sid: Annotated[str | None, Field("the leg to the AI", "Twilio, CallSid of the dialled leg")]
    ai_api: Annotated[AiApi | None, Field("which API of OpenAI's served the call", "OpenAI's webhook or id")]
    ai_call_id: Annotated[
        str | None, Field("the AI call, rtc_…, live_… or sess_…", "OpenAI's webhook; frames")
    ]
    ai_session_id: Annotated[str | None, Field("the AI session, sess_…", "session.created of the frames")]
    direction: Annotated[str | None, Field("direction of the caller's leg", "Twilio, Direction")]


Parties = TypedDict(
    "Parties",
    {
        "from": Annotated[str | None, Field("the caller's number", "Twilio, From", column="caller")],
        "to": Annotated[str | None, Field("the number called", "Twilio, To", column="called")],
    },
)


class Legs(TypedDict):
    parent_status: Annotated[str | None, Field("last status of the caller's leg", "Twilio, CallStatus")]
    child_status: Annotated[str | None, Field("last status of the AI's leg", "Twilio, CallStatus")]
    sip_response_code: Annotated[
        int | None,
        Field("answer to the INVITE of the AI's leg, no word of its end", "Twilio, SipResponseCode"),
    ]
    started_at: Annotated[
        str | None, Field("when the caller's leg began; never after the AI's", "Twilio", "UTC")
    ]
    answered_at: Annotated[str | None, Field("when the caller's leg was answered", "Twilio", "UTC")]
    ended_at: Annotated[str | None, Field("when the caller's leg ended", "Twilio", "UTC")]
    parent_duration_s: Annotated[
        float | None, Field("length of the caller's leg by Twilio's count", "Twilio, CallDuration", "s")
    ]
    child_started_at: Annotated[str | None, Field("the first sign of the AI's leg", "Twilio", "UTC")]
    child_answered_at: Annotated[str | None, Field("when the AI's leg was answered", "Twilio", "UTC")]
    child_ended_at: Annotated[str | None, Field("when the AI's leg ended", "Twilio", "UTC")]
    child_duration_s: Annotated[
        float | None, Field("length of the AI's leg by Twilio's count", "Twilio, CallDuration", "s")
    ]


class Keys(TypedDict):
    dtmf: Annotated[str | None, Field("keys that the caller pressed", "Twilio, Digits")]


class Ai(TypedDict):
    ai_first_event_at: Annotated[str | None, Field("the session's first event", "frames", "UTC")]
    ai_last_event_at: Annotated[str | None, Field("the session's last event", "frames", "UTC")]
    ai_last_event_type: Annotated[str | None, Field("type of that last event", "frames")]
    ai_close_observed: Annotated[
        bool | None, Field("whether the session's close or a refusal was seen", "sockets")
    ]
    ai_close_code: Annotated[int | None, Field("code of that close", "sockets")]
    ai_close_reason: Annotated[str | None, Field("reason of that close", "sockets, or session.closed")]
    ai_silence_before_end_s: Annotated[
        float | None, Field("from the session's last event to the leg's end", "frames and Twilio", "s")
    ]


class Speech(TypedDict):
    caller_speech_s: Annotated[float | None, Field("all that the caller spoke", "the recording", "s")]
    untranscribed_caller_speech_s: Annotated[
        float | None, Field("caller's speech that no transcript covers", "the recording and frames", "s")
    ]
    gap_kind: Annotated[GapKind, Field("what the AI made of that speech", "the definitions")]
    longest_gap_start_s: Annotated[
        float | None, Field("where the longest stretch of it begins, from started_at", "the recording", "s")
    ]
    longest_gap_end_s: Annotated[
        float | None, Field("where that stretch ends, from started_at", "the recording", "s")
    ]
    caller_speech_end_to_child_end_s: Annotated[
        float | None, Field("from the caller's last speech to the leg's end", "the recording", "s")
    ]


class Transcripts(TypedDict):
    last_caller_transcript: Annotated[str | None, Field("the caller's last words by the AI", "frames")]
    last_agent_transcript: Annotated[str | None, Field("the agent's last words", "frames")]


class Judgement(TypedDict):
    truncation_basis: Annotated[
        TruncationBasis | None, Field("the witness by which the caller was cut off", "the definitions")
    ]
    verdict: Annotated[VerdictWord, Field("how the call ended", "the rules")]
    verdict_confidence: Annotated[Confidence, Field("how sure that is", "the rules")]
    cause: Annotated[Cause | None, Field("the finding that decided", "the rules")]
    ended_first_by: Annotated[Actor, Field("who ended first", "the rules")]
    flags: Annotated[list[Flag], Field("what holds of the call", "the definitions; readers")]
    evidence_for: Annotated[list[str], Field("the checks that support the verdict", "the rules")]
    evidence_missing: Annotated[list[str], Field("what nobody saw", "the rules")]
    time_uncertainty_ms: Annotated[
        int | None,
        Field("closer than this, its clocks cannot order two moments", "the stamps of both sides", "ms"),
    ]


class Acts(TypedDict):
    finish_tool_seen: Annotated[bool, Field("whether a finish tool was called", "frames; application")]
    app_hangup_seen: Annotated[bool, Field("whether the application hung up", "application; TwiML")]
    app_error_seen: Annotated[bool, Field("whether the application told of an error", "application")]
    warning_codes: Annotated[list[str], Field("codes of the provider's warnings", "Twilio's debugger")]
    error_codes: Annotated[list[str], Field("codes of errors", "Twilio; frames")]
    incidents: Annotated[list[IncidentPart], Field("what status pages reported of the time", "status pages")]


class States(TypedDict):
    recording_state: Annotated[SourceState, Field("what became of the recording", "Twilio; our fetch")]
    transcript_state: Annotated[SourceState, Field("what became of the AI's transcript", "frames")]
    sources: dict[SourceName, SourceState]
    source_details: dict[SourceName, SourcePart]


class Review(TypedDict):
    """What people decide: no facts of the call, and therefore added to its document as it is read."""

    review_state: Annotated[ReviewState, Field("how far people are with it", "people")]
    tags: Annotated[list[str], Field("people's words for it", "people")]
    assignee: Annotated[str | None, Field("the login of whoever it is assigned to", "people")]
    reviewer: Annotated[str | None, Field("who last changed its review state", "people")]
    agreed: Annotated[int, Field("how many people agree with its present verdict", "people")]
    disagreed: Annotated[int, Field("how many people disagree with it", "people")]


class Log(TypedDict):
    event_count: Annotated[int, Field("how many events the call has", "the log")]
    first_position: Annotated[int | None, Field("the lowest position of its events", "the log")]
    last_position: Annotated[int | None, Field("the highest position of its events", "the log")]
    detection_lag_s: Annotated[
        float | None, Field("from the end of the caller's leg to the last event's receipt", "the log", "s")
    ]


class Rules(TypedDict):
    rules_version: Annotated[int, Field("the version of the definitions that judged", "the definitions")]


class Conversation(TypedDict):
    response_time_p50_s: Annotated[
        float | None,
        Field("from the end of a caller's turn to the agent's first sound, median", "`numbers_basis`", "s"),
    ]
    response_time_p95_s: Annotated[float | None, Field("the same, 95th percentile", "`numbers_basis`", "s")]
    longest_dead_air_s: Annotated[
        float | None, Field("longest stretch of the answered AI leg without a voice", "`numbers_basis`", "s")
    ]
    talk_over_s: Annotated[float | None, Field("both speaking at once, all in all", "`numbers_basis`", "s")]
    interruptions: Annotated[
        int | None, Field("how often the caller cut the agent's speech", "`numbers_basis`; frames")
    ]
    caller_talk_share: Annotated[
        float | None, Field("the caller's part of all that was spoken, 0 to 1", "`numbers_basis`")
    ]
    numbers_basis: Annotated[
        NumbersBasis | None, Field("the witness of these numbers; null with them", "the recording, or frames")
    ]


class Setting(TypedDict):
    topology: Annotated[Topology | None, Field("how the caller's media reaches the AI", "legs; TwiML")]
    conference_sid: Annotated[str | None, Field("the conference of both, CF…", "Twilio, ConferenceSid")]
    stream_sid: Annotated[str | None, Field("the caller's media stream, MZ…", "Twilio, StreamSid")]
    ai_model: Annotated[str | None, Field("the model that spoke", "session.created of the frames")]
    agent_name: Annotated[str | None, Field("the agent, as its application calls it", "application, agent")]
    agent_version: Annotated[
        str | None, Field("its version, as the application said of this call", "application, version")
    ]
    region: Annotated[str | None, Field("Twilio's region of the media", "Voice Insights; the SIP address")]
    edge: Annotated[str | None, Field("Twilio's edge of the media", "Voice Insights; the SIP address")]


ALL = (
    CallId, Identity, Parties, Legs, Keys, Ai, Speech, Transcripts, Judgement, Acts, States, Review, Log,
    Rules, Conversation, Setting,
)  # fmt: skip
