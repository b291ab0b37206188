"""What the flags of a call mean."""

from callstore.domain.facts.vocabulary import FLAGS, Flag
from callstore.report.flags import LATE_S
from callstore.verdict.truncation import CLOSING_S, LOST_S, RULES_VERSION
from dashboard.calls.cells.values import term
from dashboard.calls.rows import FLAGS as SIGNALS
from dashboard.legend.chip import Chip

LOOKS: dict[Flag, tuple[str, str, str]] = {
    **SIGNALS,
    "suspicious": ("Suspicious", "flag", "warn"),
    "live": ("Live", "live", "info"),
    "reviewed": ("Reviewed", "check", "ok"),
    "false_positive": ("False positive", "close", "quiet"),
    "exported": ("Exported", "download", "quiet"),
}
ABOUT: dict[Flag, str] = {
    "truncated": f"The caller was speaking in the last {CLOSING_S:g} s before the AI's leg ended, and at"
    f" least {LOST_S:g} s of what was said last has no transcript. Not where the caller hung up or the agent"
    f" finished in order. Rules version {RULES_VERSION}.",
    "suspicious": f"Somebody should look: truncated, or {LOST_S:g} s or more of the caller were not heard by"
    " the AI, or the verdict is none of natural end, caller hung up, app ended it, flow ended it.",
    "live": "The call is still running, as far as anybody told.",
    "late": f"A fact of this call arrived more than {LATE_S:g} s after it happened.",
    "orphan": "A piece of a call that was never joined to a caller's leg.",
    "incomplete": "What was told contradicts itself, or nobody told the end of a leg and it was inferred.",
    "reviewed": "Somebody concluded: confirmed, not suspicious, or resolved.",
    "false_positive": "Flagged by the rules, and people call it not suspicious or disagree with the verdict.",
    "exported": "Somebody took this call away in a file (CSV or JSON lines).",
}


def flag(name: Flag) -> Chip:
    """The chip of a flag."""
    word, icon, tone = LOOKS[name]
    return Chip(word, icon, tone, ABOUT[name], term("is", name))


EVERY = [flag(name) for name in FLAGS]
