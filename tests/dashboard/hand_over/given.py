"""A recorded call as it is collected from a log, without a log."""

from dataclasses import replace
from pathlib import Path

from callstore.domain.facts import codec
from callstore.domain.facts.clock import iso
from callstore.eventlog.crypto import refs as spelling
from callstore.rehearsal.evaluation.evaluate import _analysed, recorded
from callstore.rehearsal.scenarios.scenario import drafts, load
from callstore.report.report import report
from dashboard.hand_over.collected import Collected

TESTS = Path(__file__).parents[2]
HEARD = ("founding_call", "drop_mid_speech")  # to hear a recording is dear
FOLDERS = sorted(path.parent for path in TESTS.glob("*/*/scenario.json"))


def collected(folder: Path) -> Collected:
    """What the log would hold of a scenario: each fact once, its delivery beside it."""
    scenario = load(folder)
    told = {}
    for position, draft in enumerate(drafts(scenario), start=1):
        told.setdefault((draft.subject, recorded(draft, 0).key), (recorded(draft, position), draft.raw))
    facts = [record for record, _ in told.values()]
    events = [_event(record, raw) for record, raw in told.values()]
    if scenario.recording and scenario.name in HEARD:
        heard = _analysed(scenario.recording.read_bytes(), facts)
        facts += [replace(each, position=each.position + 10_000) for each in heard]
        events += [_event(each, b"{}") for each in facts[len(events) :]]
    document = {**report(facts), "call_id": "11111111-1111-4111-8111-111111111111", "links": []}
    return Collected(document, facts, sorted(events, key=lambda e: (e["received_at"], e["position"])))


def _event(record, raw):
    type_, facts, personal = codec.encode(record.event)
    return {
        "position": record.position,
        "source": record.source,
        "subject": record.subject,
        "type": type_,
        "occurred_at": iso(record.occurred.at),
        "clock": record.occurred.clock.name.lower(),
        "precision_ms": record.occurred.precision_ms,
        "received_at": iso(record.received_at),
        "sequence": record.sequence,
        "dedup_key": record.key,
        "refs": [spelling.spell(ref) for ref in record.refs],
        "facts": facts | ({"backfilled": True} if record.backfilled else {}),
        "personal": personal,
        "body": raw.decode(errors="replace"),
    }
