"""Every key of the query language: what it asks of the table `call`, and which values it takes.

A new key is a line here and a row in docs/query-language.md.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from callstore.domain.facts.vocabulary import (
    ACTORS,
    AI_APIS,
    CAUSES,
    CONFIDENCES,
    FLAGS,
    GAP_KINDS,
    REVIEW_STATES,
    SOURCE_NAMES,
    SOURCE_STATES,
    STATUSES,
    TOPOLOGIES,
    VERDICTS,
)
from callstore.findings.rule import modules_in, rules
from callstore.report.document import stable_fields

Kind: TypeAlias = Literal[
    "flag",
    "source",
    "choice",
    "number",
    "duration",
    "time",
    "text",
    "code",
    "name",
    "machine",
    "entry",
    "finding",
    "incident",
    "review",
    "assignee",
    "tag",
]


@dataclass(frozen=True, slots=True)
class Key:
    """What it asks: of several stable fields any may match; or of a `column` that is no stable field.

    `values` are all there are, lowest first where they are ordered.
    """

    kind: Kind
    fields: tuple[str, ...]
    about: str
    example: str
    values: tuple[str, ...] = ()
    ordered: bool = False
    column: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Where the table `call` keeps these fields."""
        own = (self.column,) if self.column else ()
        return (*own, *(stable_fields()[name].column for name in self.fields))


# What `has:` and `no:` ask, as SQL that is never null.
SOURCES = {
    "recording": "(recording_state = 'present') IS TRUE",
    "transcript": "(transcript_state = 'present') IS TRUE",
    "ai_close": "ai_close_observed IS TRUE",
    "dtmf": "coalesce(dtmf, '') <> ''",
    "warning": "cardinality(warning_codes) > 0",
    "child": "child_call_sid IS NOT NULL",
    "session": "ai_call_id IS NOT NULL",
}

CROSS_CALL_FINDINGS = frozenset(modules_in("callstore.findings.cross_call.rules"))
FINDINGS = tuple(sorted(CROSS_CALL_FINDINGS | rules().keys()))

KEYS: dict[str, Key] = {
    "is": Key("flag", ("flags",), "The call has this flag", "is:truncated", FLAGS),
    "has": Key("source", (), "This was seen of the call", "has:recording", tuple(SOURCES)),
    "no": Key("source", (), "This was not seen of the call", "no:ai_close", tuple(SOURCES)),
    "status": Key("choice", ("child_status",), "Last status of the child leg", "status:completed", STATUSES),
    "parent_status": Key(
        "choice", ("parent_status",), "Last status of the parent leg", "parent_status:busy", STATUSES
    ),
    "sip": Key("number", ("sip_response_code",), "SIP response code of the child leg", "sip:4xx"),
    "verdict": Key("choice", ("verdict",), "How the call ended", "verdict:ai_silent_first", VERDICTS),
    "confidence": Key(
        "choice",
        ("verdict_confidence",),
        "How sure the verdict is",
        "confidence:>=medium",
        CONFIDENCES[::-1],
        ordered=True,
    ),
    "cause": Key("choice", ("cause",), "The finding that decided", "cause:silent_session_loss", CAUSES),
    "finding": Key("finding", (), "Something found in the call", "finding:barge_in", FINDINGS),
    "ended_by": Key(
        "choice",
        ("ended_first_by",),
        "Who ended first",
        "ended_by:ai",
        ACTORS,
    ),
    "gap": Key(
        "duration", ("untranscribed_caller_speech_s",), "Caller's speech that no transcript covers", "gap:>5s"
    ),
    "gap_kind": Key(
        "choice",
        ("gap_kind",),
        "What the AI made of that speech",
        "gap_kind:not_heard",
        GAP_KINDS,
    ),
    "duration": Key("duration", ("parent_duration_s",), "Length of the parent leg", "duration:1m..5m"),
    "child_duration": Key(
        "duration", ("child_duration_s",), "Length of the child leg", "child_duration:<30s"
    ),
    "ai_silence": Key(
        "duration", ("ai_silence_before_end_s",), "From the AI's last event to the end", "ai_silence:>10s"
    ),
    "speech_to_end": Key(
        "duration",
        ("caller_speech_end_to_child_end_s",),
        "From the caller's last speech to the child's end",
        "speech_to_end:<500ms",
    ),
    "response": Key(
        "duration", ("response_time_p50_s",), "Median wait for the agent's answer", "response:>2s"
    ),
    "dead_air": Key(
        "duration", ("longest_dead_air_s",), "Longest time in which neither spoke", "dead_air:>10s"
    ),
    "talk_over": Key("duration", ("talk_over_s",), "Time in which both spoke", "talk_over:>3s"),
    "interruptions": Key(
        "number", ("interruptions",), "How often the caller cut the agent's speech", "interruptions:>=3"
    ),
    "started": Key("time", ("started_at",), "When the call began (UTC)", "started:-24h"),
    "ended": Key("time", ("ended_at",), "When the call ended (UTC)", "ended:2026-04-13"),
    "lag": Key("duration", ("detection_lag_s",), "From the call's end to its last news", "lag:>1m"),
    "warning": Key("code", ("warning_codes",), "A warning of the provider", "warning:32113"),
    "error": Key("code", ("error_codes",), "An error of the provider", "error:server_error"),
    "incident": Key(
        "incident", (), "An incident of a provider at its time, by provider or title", "incident:openai"
    ),
    "recording": Key(
        "choice", ("recording_state",), "What became of the recording", "recording:pending", SOURCE_STATES
    ),
    "source": Key(
        "flag", (), "This source told of the call", "source:recording", SOURCE_NAMES, column="sources"
    ),
    "transcript": Key("text", (), "Words that were said", 'transcript:"the booking"'),
    "caller": Key("text", (), "Words that the caller said", 'caller:"a refund"'),
    "agent_said": Key("text", (), "Words that the agent said", 'agent_said:"one moment"'),
    "lang": Key("entry", (), "Language of a transcription", "lang:ja", column="languages"),
    "tool": Key("entry", (), "A tool that the agent called", "tool:finish_session", column="tools"),
    "sid": Key(
        "name",
        ("parent_call_sid", "child_call_sid", "conference_sid", "stream_sid"),
        "A Twilio SID of the call",
        "sid:CA12*",
    ),
    "ai_call": Key("name", ("ai_call_id", "ai_session_id"), "The id of the AI call", "ai_call:rtc_u7*"),
    "session": Key("name", ("ai_session_id", "ai_call_id"), "The id of the AI session", "session:sess_F0*"),
    "topology": Key(
        "choice", ("topology",), "How the caller's media reaches the AI", "topology:conference", TOPOLOGIES
    ),
    "answered_by": Key(
        "machine", (), "Who picked up a leg, by answering-machine detection", "answered_by:machine*"
    ),
    "ai_api": Key("choice", ("ai_api",), "Which API of OpenAI's served the call", "ai_api:live", AI_APIS),
    "model": Key("name", ("ai_model",), "The model that spoke", "model:gpt-realtime*"),
    "agent": Key("name", ("agent_name",), "The agent, as its application calls it", "agent:booking"),
    "version": Key("name", ("agent_version",), "Version of the agent", "version:2026.04.*"),
    "region": Key("name", ("region",), "Twilio's region of the media", "region:ie1"),
    "edge": Key("name", ("edge",), "Twilio's edge of the media", "edge:dublin"),
    "dtmf": Key("name", ("dtmf",), "Keys the caller pressed", "dtmf:1*"),
    "from": Key("name", ("from",), "The caller's number", "from:+81*"),
    "number": Key("name", ("from", "to"), "The caller's number or the one called", "number:+8150*"),
    "to": Key("name", ("to",), "The number called", "to:+8150*"),
    "review": Key(
        "review", ("review_state",), "How far people are with it", "review:open", (*REVIEW_STATES, "open")
    ),
    "assignee": Key("assignee", ("assignee",), "Whose it is", "assignee:me"),
    "tag": Key("tag", ("tags",), "A tag that somebody gave it", "tag:billing"),
}


def column_sorted_by(sort: str) -> str:
    """This sort with its key or stable field, such as `-gap` or `from`, as the column that holds it.

    What is neither stays as it is.
    """
    name = sort.removeprefix("-")
    if name in KEYS and KEYS[name].columns:
        name = KEYS[name].columns[0]
    elif name in stable_fields():
        name = stable_fields()[name].column
    return f"-{name}" if sort.startswith("-") else name
