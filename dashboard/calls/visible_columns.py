"""The columns that a list shows as columns of a file, under the names of the incident export."""

from dashboard.calls.columns import DEFAULT, EVERY, NEEDED

# Column of the list → what it shows. The timeline is a drawing, and shows nothing that no other column has.
SHOWN = {
    "started": ("started_at_utc",),
    "verdict": ("verdict", "verdict_confidence"),
    "gap": ("untranscribed_caller_speech_s", "gap_kind"),
    "strip": (),
    "legs": ("parent_duration_s", "child_duration_s"),
    "status": ("child_status", "sip_response_code"),
    "ended": ("ended_first_by",),
    "agent": ("agent_name", "agent_version"),
    "from": ("from_redacted",),
    "signals": ("flags", "error_codes", "warning_codes", "recording_state"),
    "review": ("review_state", "assignee"),
    "cause": ("cause",),
    "ended_at": ("ended_at_utc",),
    "to": ("to_redacted",),
    "topology": ("topology",),
    "region": ("region",),
    "edge": ("edge",),
    "model": ("ai_model",),
    "dtmf": ("dtmf_redacted",),
    "last_event": ("ai_last_event_type",),
    "ai_silence": ("ai_silence_before_end_s",),
    "speech_to_end": ("caller_speech_end_to_child_end_s",),
    "response": ("response_time_p50_s",),
    "dead_air": ("longest_dead_air_s",),
    "lag": ("detection_lag_s",),
    "sources": ("recording_state", "transcript_state"),
}
# Which call it is stands first, and where the row came from behind what somebody wanted to see.
FRONT, BACK = (
    ("call_id", "permalink"),
    ("schema", "export_id", "exported_at_utc", "query", "redaction_profile"),
)


class UnknownColumn(ValueError):
    """The list has no column of this name; the message says which it has."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The list has no column {name!r}; it has {', '.join(SHOWN)}.")


def of_list(cols: str) -> tuple[str, ...]:
    """The columns of a file of the list with these `cols`, "" for the usual ones. Raises UnknownColumn."""
    names = set(filter(None, (cols or DEFAULT).split(","))) | {NEEDED}
    if unknown := sorted(names.difference(SHOWN)):
        raise UnknownColumn(unknown[0])
    shown = [name for column in EVERY if column.name in names for name in SHOWN[column.name]]
    return (*FRONT, *dict.fromkeys(shown), *BACK)
