"""report(records): the whole answer on one call, as the JSON document that docs/fields.md describes. Pure.

Seconds named `*_s` count from `started_at`; positions are places in the log.
"""

from collections.abc import Iterable

from callstore.domain.analysis.finish_tools import USUAL_TOOLS, FinishTools
from callstore.domain.analysis.talking.numbers import percentile
from callstore.domain.call.call import Note
from callstore.domain.call.fold import fold
from callstore.domain.call.observation import Observation
from callstore.domain.facts.clock import iso
from callstore.domain.facts.record import Record
from callstore.findings.rule import Case, Finding, case, findings
from callstore.report.document import Report
from callstore.report.document_judgement import FindingPart, JudgementPart
from callstore.report.document_parts import NotePart, Witness
from callstore.report.gaps import gap_parts, other_words
from callstore.report.parts import flow, legs, replies, seconds, session, turns
from callstore.report.recordings import recordings
from callstore.report.redaction import redacted
from callstore.report.sources.asked import backfill_part
from callstore.report.stable.fields import fields
from callstore.report.stable.moments import zero
from callstore.report.talking.heard import heard_by_ai
from callstore.report.talking.numbers import conversation_part, numbers
from callstore.report.talking.others import conversations
from callstore.report.topology.meetings import conferences, streams
from callstore.verdict.evidence import Evidence, stance
from callstore.verdict.evidence_table import evidence_table
from callstore.verdict.truncation import truncated
from callstore.verdict.verdict import Verdict, judge


def report(records: Iterable[Record], tools: FinishTools = USUAL_TOOLS) -> Report:
    """Fold, find, judge, and lay out: the stable fields flat, then the parts that a page draws.

    `tools` are those by which the agents end a call.
    """
    of = case(fold(records), tools)
    found = findings(of)
    verdict, table = judge(of, found), evidence_table(of, found)
    erased, talked = of.call.erased, numbers(of)
    document: Report = {
        **fields(of, verdict, truncated(of, found), table, talked),
        "app_clock_ahead_s": of.call.app_ahead_s,
        "legs": legs(of),
        "flow": flow(of),
        "conferences": conferences(of),
        "streams": streams(of),
        "session": session(of),
        "turns": turns(of),
        "replies": replies(of),
        "heard_by_ai": heard_by_ai(of),
        "other_conversations": conversations(of),
        "recordings": recordings(of),
        "gaps": gap_parts(of),
        "conversation": conversation_part(of, talked, zero(of)),
        "second_words": other_words(of),
        "languages": _languages(of),
        "ingest_lag_p95_ms": _lag_ms(of),
        "warnings": [
            {**_witness(of, w.seen), "leg": w.leg, "level": w.level, "code": w.code, "message": w.message}
            for w in of.call.warnings
        ],
        "media_notes": [
            {
                **_witness(of, n.seen),
                "leg": n.leg,
                "name": n.noted.name,
                "group": n.noted.group,
                "level": n.noted.level,
                "edge": n.noted.edge,
            }
            for n in of.call.media_notes
        ],
        "said": [
            {**_witness(of, s.seen), "what": s.what, "level": s.level, "message": s.message}
            for s in of.call.said
        ],
        "notes": note_parts(of.call.notes, zero(of)),
        "findings": [_finding(of, f) for f in found.values()],
        "judgement": _judgement(of, verdict, table),
        "anomalies": [
            {"kind": a.kind, "detail": a.detail, "positions": list(a.positions)} for a in of.call.anomalies
        ],
        "backfill": backfill_part(of.call, zero(of)),
        "erased_at": iso(erased.at.at) if erased else None,
    }
    return redacted(document) if erased else document


def _languages(of: Case) -> list[str]:
    phrases = (phrase for each in of.call.transcriptions.values() for phrase in each.written)
    config = of.call.session.config if of.call.session else None
    told = [config.language] if config and config.language else []
    return sorted({*told, *(phrase.language for phrase in phrases if phrase.language)})


def _lag_ms(of: Case) -> int | None:
    lag_s = percentile(of.call.provider_lags_s, 0.95)
    return None if lag_s is None else round(lag_s * 1000)


def note_parts(notes: Iterable[Note], start: float | None) -> list[NotePart]:
    """Notes as they were written, by the call's start in Unix seconds."""
    return [
        {
            "at_s": None if note.about is None or start is None else round(note.about - start, 3),
            "precision_ms": 1,
            "by": note.by,
            "written_at": iso(note.seen.at.at),
            "text": note.text,
            "positions": [note.seen.position],
        }
        for note in notes
    ]


def _witness(of: Case, seen: Observation) -> Witness:
    return {
        "at": iso(seen.at.at),
        "at_s": seconds(of, seen.at.at),
        "precision_ms": seen.at.precision_ms,
        "positions": [seen.position],
    }


def _finding(of: Case, finding: Finding) -> FindingPart:
    return {
        "slug": finding.slug,
        "says": finding.says,
        "certainty": finding.certainty,
        "positions": list(finding.evidence),
        "start_s": seconds(of, finding.start),
        "end_s": seconds(of, finding.end),
        "missing": list(finding.missing),
    }


def _judgement(of: Case, verdict: Verdict, table: list[Evidence]) -> JudgementPart:
    return {
        "verdict": verdict.verdict,
        "cause": verdict.cause,
        "confidence": verdict.confidence,
        "ended_first_by": verdict.ended_first_by,
        "says": verdict.says,
        "missing": list(verdict.missing),
        "settle": list(verdict.whom_to_ask),
        "checks": [
            {
                "check": check.name,
                "finding": check.finding,
                "says": stance(check, verdict.verdict),
                "start_s": seconds(of, check.start),
                "end_s": seconds(of, check.end),
                "precision_ms": max((s.at.precision_ms for s in check.seen if s), default=None),
                "positions": [s.position for s in check.seen if s],
            }
            for check in table
        ],
    }
