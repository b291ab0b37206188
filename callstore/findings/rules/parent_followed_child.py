"""Our own flow hung up on the caller because the AI leg had completed: the amplifier, not the cause."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions


def find(case: Case) -> Iterator[Finding]:
    call, dial = case.call, case.ending.dial
    if not (dial and dial.answer and call.parent and call.parent.ended and call.child and call.child.ended):
        return
    if case.ending.caller_left or "Hangup" not in dial.answer.verbs:
        return
    yield Finding(
        slug="parent_followed_child",
        says="The AI leg ended, the dial action was asked, our application answered with <Hangup/>, "
        "and that ended the caller's leg.",
        certainty="shown",
        evidence=positions(call.child.ended, dial.asked, dial.answered, call.parent.ended),
        start=call.child.ended.at.at,
        end=call.parent.ended.at.latest,
    )
