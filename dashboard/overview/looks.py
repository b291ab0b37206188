"""How verdicts look in a chart: their order from the bottom, a colour of the theme, and their word."""

from typing import Final, Literal

from callstore.domain.facts.vocabulary import VerdictWord
from dashboard.calls.cells import verdicts as look

UNJUDGED: Final = "unjudged"
# What went well at the bottom, what did not on top, so that its top edge is what grows.
ORDER: tuple[VerdictWord | Literal["unjudged"], ...] = (
    "natural_end", "caller_hung_up", "app_ended", "flow_ended", "live", UNJUDGED, "inconclusive",
    "never_connected", "limit_reached", "ai_closed_first", "ai_mute", "ai_deaf", "false_finish",
    "ai_silent_first",
)  # fmt: skip
COLOURS: dict[str, str] = {verdict: f"var(--chart-{verdict.replace('_', '-')})" for verdict in ORDER}
WORDS: dict[str, str] = {
    verdict: look.UNJUDGED.word if verdict == "unjudged" else look.VERDICTS[verdict].word for verdict in ORDER
}
assert set(ORDER) == {*look.VERDICTS, UNJUDGED}
