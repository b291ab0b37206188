"""Every question that is asked of a call, in reading order."""

from callstore.findings.rule import Case
from callstore.verdict import evidence_ai as ai
from callstore.verdict import evidence_media as media
from callstore.verdict import evidence_telephony as telephony
from callstore.verdict.evidence import Evidence, Findings, Question

QUESTIONS: tuple[Question, ...] = (
    ai.offered, ai.close, ai.silence, telephony.speaking, ai.heard, ai.audible,
    telephony.acts, telephony.taken, telephony.on_the_line, media.conference, media.stream,
    telephony.bye, telephony.limits, telephony.chain, telephony.sip, telephony.warnings,
)  # fmt: skip


def evidence_table(case: Case, found: Findings) -> list[Evidence]:
    """The evidence table of a call, whatever the verdict."""
    return [check for ask in QUESTIONS for check in ask(case, found)]
