"""report(records): the whole answer on one call, as the JSON document of the contract (§4). Pure.

Seconds named `*_s` count from `started_at`; positions are places in the log.
"""

from collections.abc import Iterable
from typing import Any

from callstore.domain.call.fold import fold
from callstore.domain.call.observation import Observation
from callstore.domain.facts.clock import iso
from callstore.domain.facts.record import Record
from callstore.domain.facts.spans import clamp, subtract, total
from callstore.findings.rule import Case, Finding, case, findings
from callstore.report.fields import fields, zero
from callstore.report.parts import flow, legs, replies, session, turns
from callstore.report.recordings import recordings
from callstore.report.redaction import redacted
from callstore.verdict.evidence import Evidence, stance
from callstore.verdict.evidence_table import evidence_table
from callstore.verdict.gaps import gap_transcripts, gaps, other_transcripts
from callstore.verdict.truncation import truncated
from callstore.verdict.verdict import Verdict, judge


def report(records: Iterable[Record]) -> dict[str, Any]:
    """Fold, find, judge, and lay out: the stable fields flat, then the parts that a page draws."""
    of = case(fold(records))
    found = findings(of)
    verdict, table = judge(of, found), evidence_table(of, found)
    document = {
        **fields(of, verdict, truncated(of, found), table),
        "app_clock_ahead_s": of.call.app_ahead_s,
        "legs": legs(of),
        "flow": flow(of),
        "session": session(of),
        "turns": turns(of),
        "replies": replies(of),
        "recordings": recordings(of),
        "gaps": _gaps(of),
        "second_words": other_transcripts(of, zero(of)),
        "warnings": [
            {**_at(of, w.seen), "leg": w.leg, "level": w.level, "code": w.code, "message": w.message}
            for w in of.call.warnings
        ],
        "said": [
            {**_at(of, s.seen), "what": s.what, "level": s.level, "message": s.message} for s in of.call.said
        ],
        "findings": [_finding(of, f) for f in found.values()],
        "judgement": _judgement(of, verdict, table),
        "anomalies": [
            {"kind": a.kind, "detail": a.detail, "positions": list(a.positions)} for a in of.call.anomalies
        ],
    }
    return redacted(document, of.call.erased)


def _at(of: Case, seen: Observation) -> dict[str, Any]:
    start = zero(of)
    return {
        "at": iso(seen.at.at),
        "at_s": None if start is None else round(seen.at.at - start, 3),
        "precision_ms": seen.at.precision_ms,
        "positions": [seen.position],
    }


def _offset(of: Case, at: float | None) -> float | None:
    start = zero(of)
    return None if at is None or start is None else round(at - start, 3)


def _gaps(of: Case) -> list[dict[str, Any]]:
    """Caller speech without a transcript, each with its kind and the words that other ears heard."""
    return [
        {
            "start_s": _offset(of, start),
            "end_s": _offset(of, end),
            "kind": _gap_kind(of, start, end),
            **gap_transcripts(of, (start, end), zero(of)),
        }
        for start, end in gaps(of)
    ]


def _gap_kind(of: Case, start: float, end: float) -> str:
    """By what the larger part of it is."""
    hearing = of.hearing
    unheard = hearing.not_heard if hearing.recorded else subtract([(start, end)], hearing.heard)
    deaf = total(clamp(unheard, start, end)) > (end - start) / 2
    return "not_heard" if deaf else "heard_not_transcribed"


def _finding(of: Case, finding: Finding) -> dict[str, Any]:
    return {
        "slug": finding.slug,
        "says": finding.says,
        "certainty": finding.certainty,
        "positions": list(finding.evidence),
        "start_s": _offset(of, finding.start),
        "end_s": _offset(of, finding.end),
        "missing": list(finding.missing),
    }


def _judgement(of: Case, verdict: Verdict, table: list[Evidence]) -> dict[str, Any]:
    return {
        "verdict": verdict.verdict,
        "cause": verdict.cause,
        "confidence": verdict.confidence,
        "ended_first_by": verdict.ended_first_by,
        "says": verdict.says,
        "missing": list(verdict.missing),
        "settle": list(verdict.settle),
        "checks": [
            {
                "check": check.name,
                "finding": check.finding,
                "says": stance(check, verdict.verdict),
                "start_s": _offset(of, check.start),
                "end_s": _offset(of, check.end),
                "precision_ms": max((s.at.precision_ms for s in check.seen if s), default=None),
                "positions": [s.position for s in check.seen if s],
            }
            for check in table
        ],
    }
