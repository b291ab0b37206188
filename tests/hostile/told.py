"""All that readers are told of a call, made of its facts alone as the log gives them back."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID
from xml.etree import ElementTree

from django.template.loader import render_to_string

from callstore.advice.advice import advise
from callstore.advice.dial_action import DialReport
from callstore.domain.facts import ids
from callstore.domain.facts.codec import decode, encode
from callstore.domain.facts.record import Record
from callstore.eventlog.crypto import canonical
from callstore.projection import projector
from callstore.projection.projector import CallVersions
from callstore.report.disguise.facts import disguised
from callstore.report.disguise.hidden import hidden, hiding
from callstore.report.document import Document
from callstore.report.history import history
from dashboard.call.figure import figure
from dashboard.call.history import history_steps
from dashboard.call.mobile_strip import mobile_strip
from dashboard.call.text_report import text_report
from dashboard.call.timeline import timeline
from dashboard.calls.rows import row
from dashboard.export.files import csv_pieces, json_pieces
from dashboard.export.incident import About
from dashboard.hand_over.collected import Collected
from dashboard.hand_over.drawing import drawing
from dashboard.hand_over.fixture import fixture
from dashboard.hand_over.questions import questions
from dashboard.hand_over.written_report import written_report

VERSIONS = CallVersions({UUID(int=1): 1})
NOW = datetime(2026, 12, 1, tzinfo=UTC)
ABOUT = About("", NOW)


def as_logged(record: Record) -> Record:
    """The fact as it comes back out of the log, where numbers and texts have one spelling."""
    type_, facts, personal = encode(record.event)
    back = decode(type_, json.loads(canonical.dump(facts)), json.loads(canonical.dump(personal)))
    return replace(record, event=back, sequence=canonical.bigint(record.sequence))


def told(records: Sequence[Record], *, past: bool = True) -> Document:
    """The stored document of a call, after everything that is shown of it was made."""
    records = [as_logged(record) for record in records]
    document = projector.fold(VERSIONS, records)["document"]
    axis = timeline(document)
    figure(axis)
    mobile_strip(axis)
    row(document, NOW)
    text_report(document)
    list(csv_pieces([[document]], ABOUT))
    list(json_pieces([[document]], ABOUT))
    if past:
        list(history_steps(history(records).steps, document))
    advised(records)
    drawn(document)
    if past:
        handed_over(records, document)
    return document


def drawn(document: Document) -> None:
    """The drawing of a call as a file: well formed, whatever stands in its facts."""
    shown = {"drawing": drawing(timeline(document)), "standalone": True}
    ElementTree.fromstring(render_to_string("dashboard/hand_over/timeline.svg", shown))


def handed_over(records: Sequence[Record], document: Document) -> None:
    """What else leaves the house of a call."""
    scrub = hiding(records)
    hidden_call, facts = hidden(records, scrub), list(disguised(records, scrub))
    page = render_to_string("dashboard/hand_over/report.html", written_report(hidden_call, {}))
    assert "<script" not in page.lower()
    for vendor in ("openai", "twilio"):
        assert questions(vendor, hidden_call, facts)
    fixture(Collected(document, list(records), []), b"secret")


def advised(records: Sequence[Record]) -> None:
    """What the dial action would be told at each leg's word, and with words of its own."""
    legs = {ids.id_of(record.subject) for record in records if ids.is_of_a_leg(record.subject)}
    for leg in sorted(legs)[:3] or ["CA" + "0" * 32]:
        advise(records, leg, DialReport(), NOW.timestamp())
        advise(records, leg, DialReport("in-progress", "hologram", leg, False), NOW.timestamp())
