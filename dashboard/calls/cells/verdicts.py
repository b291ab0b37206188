"""How each verdict is shown: its word, its icon, its tone. Pure."""

from typing import NamedTuple

from callstore.domain.facts.vocabulary import VerdictWord


class Look(NamedTuple):
    """How a verdict is shown: never by colour alone."""

    word: str
    icon: str
    tone: str


VERDICTS: dict[VerdictWord, Look] = {
    "live": Look("Live", "live", "info"),
    "natural_end": Look("Natural end", "check", "ok"),
    "caller_hung_up": Look("Caller hung up", "phone-down", "quiet"),
    "app_ended": Look("App ended it", "app", "quiet"),
    "false_finish": Look("False finish", "scissors", "bad"),
    "ai_silent_first": Look("AI silent first", "silent", "bad"),
    "ai_closed_first": Look("AI closed first", "unplugged", "bad"),
    "ai_deaf": Look("AI deaf", "deaf", "bad"),
    "ai_mute": Look("AI mute", "silent", "bad"),
    "flow_ended": Look("Flow ended it", "branch", "quiet"),
    "limit_reached": Look("Limit reached", "clock", "warn"),
    "never_connected": Look("Never connected", "blocked", "warn"),
    "inconclusive": Look("Inconclusive", "question", "quiet"),
}
UNJUDGED = Look("Not judged yet", "clock", "quiet")
