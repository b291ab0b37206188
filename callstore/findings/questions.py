"""Every question that is asked of a call, in reading order."""

from callstore.findings import ask_ai, ask_line
from callstore.findings.checks import Check, Found, Question
from callstore.findings.rule import Case

QUESTIONS: tuple[Question, ...] = (
    ask_ai.offered, ask_ai.close, ask_ai.silence, ask_line.speaking, ask_ai.heard, ask_ai.audible,
    ask_line.acts, ask_line.taken, ask_line.on_the_line, ask_line.bye, ask_line.limits,
    ask_line.chain, ask_line.sip, ask_line.warnings,
)  # fmt: skip


def checks(case: Case, found: Found) -> list[Check]:
    """The evidence table of a call, whatever the verdict."""
    return [check for ask in QUESTIONS for check in ask(case, found)]
