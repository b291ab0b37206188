"""The facets that are offered: which key, which column of the packed calls, in which order its values stand.

A new facet is a line here, and a word that it must be packed by in `projection.models.FACETS`.
"""

from dataclasses import dataclass

from callstore.search.keys import KEYS

# Lengths of a gap as values of `gap:`, which are whole milliseconds. Each call is in one of them.
GAPS = {
    "0ms": "0 s",
    "1ms..1999ms": "0–2 s",
    "2s..4999ms": "2–5 s",
    "5s..14999ms": "5–15 s",
    ">=15s": "15 s and more",
}
MISSING = {
    "recording": "No recording",
    "transcript": "No transcript",
    "ai_close": "No close of the AI session",
    "dtmf": "No keys pressed",
    "warning": "No warning",
    "child": "No child leg",
    "session": "No AI session",
}


@dataclass(frozen=True, slots=True)
class Facet:
    """A key by whose values calls are counted.

    `column` is that of `facets.packed`, a list of words where `several`; "" where it is read elsewhere.
    `words` are what the values are called, in their order; of another facet they stand by their count.
    """

    key: str
    title: str
    column: str
    several: bool = False
    words: tuple[tuple[str, str], ...] = ()


_ALL = (
    Facet("verdict", "Verdict", "verdict"),
    Facet("is", "Flags", "flags", several=True),
    Facet("cause", "Cause", "cause"),
    Facet("gap", "Gap", "gap", words=tuple(GAPS.items())),
    Facet("status", "Child status", "child_status"),
    Facet("sip", "SIP response", "sip_response_code"),
    Facet("ended_by", "Ended first by", "ended_first_by"),
    Facet("topology", "Topology", "topology"),
    Facet("agent", "Agent", "agent_name"),
    Facet("version", "Version", "agent_version"),
    Facet("model", "Model", "ai_model"),
    Facet("region", "Region", "region"),
    Facet("warning", "Warning codes", "warning_codes", several=True),
    Facet("error", "Error codes", "error_codes", several=True),
    Facet("no", "Sources missing", "missing", several=True, words=tuple(MISSING.items())),
    Facet("incident", "Provider incident", ""),
    Facet("review", "Review", "review_state"),
    Facet("finding", "Findings", "findings", several=True),
)
# Of these whoever writes a query is told the counts, and no facet shows them.
_MORE = (
    Facet("confidence", "Confidence", "verdict_confidence"),
    Facet("gap_kind", "Kind of gap", "gap_kind"),
    Facet("parent_status", "Parent status", "parent_status"),
    Facet("edge", "Edge", "edge"),
    Facet("recording", "Recording", "recording_state"),
)
FACETS = {facet.key: facet for facet in _ALL if facet.key in KEYS}
COUNTED = FACETS | {facet.key: facet for facet in _MORE}
