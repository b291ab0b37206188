"""What the verdicts mean, how sure they are, and which finding decided."""

from callstore.domain.facts.vocabulary import Cause, Confidence, VerdictWord
from callstore.report.wording import BY_CAUSE
from dashboard.calls.cells.values import term
from dashboard.calls.cells.verdicts import VERDICTS
from dashboard.legend.chip import Chip

ABOUT: dict[VerdictWord, str] = {
    "live": "No end has been seen. A verdict follows when the call ends.",
    "natural_end": "The agent ended the call with its finish tool.",
    "caller_hung_up": "The caller left first.",
    "app_ended": "Your application hung up, without a finish of the agent.",
    "false_finish": "The agent called its finish tool while the caller was still talking.",
    "ai_silent_first": "The AI session stopped saying anything while the leg went on. No close was seen.",
    "ai_closed_first": "The AI session closed before the leg ended, and nobody of yours acted.",
    "ai_deaf": "The session was open and did not hear the caller.",
    "ai_mute": "The agent's replies did not reach the caller, or all of them failed.",
    "flow_ended": "Your own call flow took the leg away from the AI: a redirect or a transfer.",
    "limit_reached": "A time limit ended it, Twilio's or the AI session's.",
    "never_connected": "Caller and AI never talked to each other.",
    "inconclusive": "What was seen does not say who ended it. What is missing stands on the call's page.",
}
SURE: dict[Confidence, str] = {
    "high": "The evidence shows it, and nothing contradicts.",
    "medium": "The evidence fits and does not prove it, or something contradicts.",
    "low": "The best guess. Look at what is missing.",
}


def verdict(name: VerdictWord) -> Chip:
    """The chip of a verdict."""
    look = VERDICTS[name]
    return Chip(look.word, look.icon, look.tone, ABOUT[name], term("verdict", name))


def confidence(name: Confidence) -> Chip:
    """The dots of a verdict."""
    return Chip(f"{name.capitalize()} confidence", "", "", SURE[name], term("confidence", name))


def cause(name: Cause) -> Chip:
    """The finding that decided."""
    about = f"The finding that decided. {BY_CAUSE.get(name, 'Documented with the findings')}."
    return Chip(name, "", "", about, term("cause", name))


EVERY = [*map(verdict, VERDICTS), *map(confidence, SURE)]
