"""The conversations of a call that did not decide, each judged by the same rules as the one that did."""

from dataclasses import replace

from callstore.domain.call.call import Call, Conversation
from callstore.findings.rule import Case, case, findings
from callstore.report.document import ConversationPart
from callstore.report.parts import replies, seconds, session, turns
from callstore.report.stable.judged import words
from callstore.verdict.truncation import truncated
from callstore.verdict.verdict import judge

UNSEEN = "The session was offered, and no event of it was seen."


def conversations(of: Case) -> list[ConversationPart]:
    """All but the one that decides, as they began."""
    return [_part(of, one) for one in of.call.others]


def _part(of: Case, one: Conversation) -> ConversationPart:
    alone = case(_as_if_it_decided(of.call, one))
    found = findings(alone)
    verdict = judge(alone, found) if one.leg or one.held else None
    end = alone.ending.end if one.leg else one.session.last if one.session else None
    return {
        "child_call_sid": one.leg.sid if one.leg else None,
        "ai_call_id": one.session.id if one.session else None,
        "start_s": seconds(of, one.began or None),
        "end_s": seconds(of, end.at.middle if end else None),
        "verdict": verdict.verdict if verdict else None,
        "cause": verdict.cause if verdict else None,
        "confidence": verdict.confidence if verdict else None,
        "ended_first_by": verdict.ended_first_by if verdict else None,
        "truncated": truncated(alone, found).holds if verdict else False,
        "says": verdict.says if verdict else UNSEEN,
        **words(one.session),
        "session": session(alone),
        "turns": turns(alone),
        "replies": replies(alone),
    }


def _as_if_it_decided(call: Call, one: Conversation) -> Call:
    mine = [c for c in call.others if c is not one]
    rest = sorted([*mine, Conversation(call.child, call.session)], key=lambda c: c.began)
    since = one.began if rest[0].began < one.began else None
    return replace(call, child=one.leg, session=one.session, others=tuple(rest), since=since)
