"""What the marks of a gap, the codes and the state of the recording mean."""

from callstore.domain.analysis.hearing import BRIDGE_S, SLIVER_S
from callstore.domain.facts.vocabulary import Actor, GapKind, SourceState
from callstore.report.wording import ENDED_FIRST
from callstore.report.wording import GAPS as WORDS
from dashboard.calls.cells.values import term
from dashboard.calls.rows import GAPS, NO_RECORDING
from dashboard.legend.chip import Chip
from dashboard.review.looks import LOOKS

GAP = (
    "A gap is speech of the caller that no transcript covers; pauses under"
    f" {BRIDGE_S:g} s do not part it, and under {SLIVER_S:g} s in all is none."
)
GAP_ABOUT: dict[GapKind, str] = {
    "none": "All that the caller said was written down.",
    "not_heard": f"{GAP} The AI's own events show no sign that it heard this speech.",
    "heard_not_transcribed": f"{GAP} The AI heard this speech, and its words never came.",
    "unknown": f"{GAP} Without a recording or the AI's events nobody can say.",
    "pending": f"{GAP} A transcript may still come.",
}
ENDED_ABOUT: dict[Actor, str] = {
    "ai": "The AI's side ended its leg or its session first.",
    "caller": "The caller left first.",
    "app": "Your application, or your call flow, acted first.",
    "twilio": "Twilio ended it, by a limit.",
    "unknown": "No side's BYE is on record, and the order of the ends does not tell.",
}
CODES = [
    Chip("Error code", "blocked", "bad", "Twilio or the AI reported this error.", "error:*"),
    Chip("Warning code", "warning", "warn", "Twilio reported this warning.", "warning:*"),
]
RECORDINGS: dict[SourceState, str] = {
    "pending": "Twilio has not made the recording available yet; it is asked for again.",
    "off": "Nobody recorded this call, so nobody can hear what was said.",
    "failed": "There was a recording, and it could not be fetched or read.",
    "expired": "The recording is gone from where it lay.",
}
STATES = {
    "new": "Nobody has looked at it.",
    "investigating": "Somebody is looking at it.",
    "confirmed": "Somebody looked, and it is as the verdict says.",
    "not_suspicious": "Somebody looked, and nothing is wrong with it.",
    "resolved": "What was wrong has been dealt with.",
}


def gap(kind: GapKind) -> Chip:
    """The chip of a gap."""
    icon, _ = GAPS.get(kind, ("check", ""))
    return Chip(f"Gap: {WORDS[kind]}", icon, "warn", GAP_ABOUT[kind], term("gap_kind", kind))


def ended_first(who: Actor) -> Chip:
    """The chip of who ended first."""
    word = f"Ended first by: {ENDED_FIRST[who]}"
    return Chip(word, "phone-down", "quiet", ENDED_ABOUT[who], term("ended_by", who))


EVERY_GAP = [gap(kind) for kind in GAPS]
EVERY_SIGNAL = [
    *CODES,
    *(Chip(*NO_RECORDING[state], about, term("recording", state)) for state, about in RECORDINGS.items()),
]  # fmt: skip
EVERY_STATE = [Chip(*LOOKS[state], STATES[state], term("review", state)) for state in LOOKS]
