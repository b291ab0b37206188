"""The numbers of a conversation as stable fields, where they lie on the call's axis, and in plain words."""

from collections.abc import Iterator

from callstore.domain.analysis.talking.numbers import Numbers, conversation
from callstore.domain.analysis.talking.talk import talk
from callstore.domain.facts.events import Span
from callstore.domain.facts.spans import total
from callstore.domain.facts.vocabulary import NumbersBasis
from callstore.findings.rule import Case, positions
from callstore.report.document import Report
from callstore.report.document_judgement import NumbersPart
from callstore.report.panel.facts import Fact
from callstore.report.stable import groups as group

WITNESS: dict[NumbersBasis, str] = {"recording": "by the recording", "ai_events": "by the AI's events"}
UNKNOWN: group.Conversation = {
    "response_time_p50_s": None,
    "response_time_p95_s": None,
    "longest_dead_air_s": None,
    "talk_over_s": None,
    "interruptions": None,
    "caller_talk_share": None,
    "numbers_basis": None,
}


def numbers(of: Case) -> Numbers | None:
    """The numbers, or None where no witness knows both sides."""
    told = talk(of.call, of.hearing)
    return conversation(told) if told else None


def number_fields(found: Numbers | None) -> group.Conversation:
    """Their stable fields."""
    if found is None:
        return UNKNOWN
    return {
        "response_time_p50_s": _rounded(found.response_p50_s),
        "response_time_p95_s": _rounded(found.response_p95_s),
        "longest_dead_air_s": round(_length(found.dead_air), 3),
        "talk_over_s": round(total(found.talk_over), 3),
        "interruptions": len(found.interruptions),
        "caller_talk_share": _rounded(found.caller_share),
        "numbers_basis": found.basis,
    }


def conversation_part(of: Case, found: Numbers | None, start: float | None) -> NumbersPart | None:
    """Where they are seen, in seconds from `start`; None where nothing is known or the call has no start."""
    if found is None or start is None:
        return None
    return {
        "dead_air": _span(found.dead_air, start) if found.dead_air else None,
        "talk_over": [_span(both, start) for both in found.talk_over],
        "interruptions": [round(at - start, 3) for at in found.interruptions],
        "unwatched": [_span(unseen, start) for unseen in found.unseen],
        "positions": list(_witness(of, found)),
    }


def conversation_facts(document: Report) -> list[Fact]:
    """The numbers as a reader is told them: one fact, whose place is the longest dead air."""
    basis, seen = document.get("numbers_basis"), document.get("conversation")
    if not basis:
        return []
    median = document.get("response_time_p50_s")
    value = "The agent answered nobody" if median is None else f"Answers after {median:.1f} s"
    start, end = (seen and seen["dead_air"]) or (None, None)
    return [
        Fact(
            "Conversation",
            value,
            "; ".join([*_notes(document), WITNESS[basis]]),
            start,
            end,
            place="dead air",
        )
    ]


def _notes(document: Report) -> Iterator[str]:
    if (slow := document.get("response_time_p95_s")) is not None:
        yield f"95 % within {slow:.1f} s"
    yield f"longest dead air {document.get('longest_dead_air_s') or 0:.1f} s"
    if (share := document.get("caller_talk_share")) is not None:
        yield f"caller spoke {100 * share:.0f} %"
    if over := document.get("talk_over_s"):
        yield f"both at once {over:.1f} s"
    if times := document.get("interruptions"):
        yield f"caller cut the agent {'once' if times == 1 else f'{times} times'}"
    seen = document.get("conversation")
    if seen and (dark := sum(end - start for start, end in seen["unwatched"])):
        yield f"without {dark:.0f} s that no socket of ours watched"


def _witness(of: Case, found: Numbers) -> tuple[int, ...]:
    recording, session = of.hearing.recording, of.call.session
    if found.basis == "recording":
        return positions(recording.analysed if recording else None)
    return positions(session.first, session.last) if session else ()


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _length(stretch: Span | None) -> float:
    return stretch[1] - stretch[0] if stretch else 0.0


def _span(span: Span, start: float) -> list[float]:
    return [round(span[0] - start, 3), round(span[1] - start, 3)]
