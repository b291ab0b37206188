"""The document is what its type says, in every recorded call."""

import re
from dataclasses import replace
from typing import get_type_hints

import pytest

from callstore.report.document import Fields, Report, stable_fields
from callstore.report.report import report
from callstore.report.stable import groups as group
from tests.builders import CHILD, PARENT, Story
from tests.dashboard.told import NAMES, told
from tests.fields import PAGE, TABLE, tables
from tests.findings.stories import cut_off
from tests.places import ROOT
from tests.report.unlike import unlike


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_call_is_told_as_its_type_says(name):
    assert list(unlike(told(name), Report)) == []


@pytest.mark.parametrize("story", [Story(), cut_off().written("00:18:52.4", "They told me that")])
def test_a_call_of_nothing_and_one_with_words_of_others_are_too(story):
    assert list(unlike(report(story.records), Report)) == []


def dialled():
    """The AI's leg, of which callbacks came."""
    return Story().child("initiated", "00:18:17", sequence=0).child("completed", "00:18:52", sequence=3)


@pytest.mark.parametrize(
    ("story", "started_at"),
    [
        (Story().parent("completed", "00:18:52", duration_s=60), "2026-04-13T00:17:52.000Z"),
        (Story().parent("completed", "00:18:52"), "2026-04-13T00:18:52.000Z"),
        (dialled().dial_action("00:18:52.4"), "2026-04-13T00:18:17.000Z"),
        (dialled().parent("completed", "00:18:53", duration_s=61), "2026-04-13T00:17:52.000Z"),
        (dialled().parent("completed", "00:18:53", duration_s=3), "2026-04-13T00:18:17.000Z"),
    ],
    ids=["end alone", "without its length", "dial action alone", "end and child", "shorter than its child"],
)
def test_a_call_began_no_later_than_what_is_known_of_it(story, started_at):
    document = report(story.records)
    assert document["started_at"] == started_at
    assert started_at <= (document["child_started_at"] or document["ended_at"])


def test_the_callers_leg_is_known_where_the_childs_callbacks_alone_came():
    document = report(Story().child("completed", "00:18:52", sequence=3).records)
    assert (document["parent_call_sid"], document["child_call_sid"]) == (PARENT, CHILD)
    assert document["parent_status"] is None and "orphan" in document["flags"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"verdict": "maybe"}, ".verdict is 'maybe'"),
        ({"flags": ["odd"]}, ".flags[0] is 'odd'"),
        ({"event_count": "3"}, ".event_count is '3', no int"),
        ({"mood": "good"}, ".mood is not written down"),
    ],
)
def test_what_is_not_in_the_type_is_noticed(change, said):
    assert list(unlike({**told("founding_call"), **change}, Report)) == [said]


def test_the_stable_fields_are_those_of_a_report_our_id_and_what_readers_decide():
    facts = {name for name, hint in get_type_hints(Fields, include_extras=True).items()}
    parts = {"sources", "source_details"}
    assert set(stable_fields()) == (facts - parts) | set(group.Review.__annotations__) | {"call_id"}


def test_a_field_tells_its_unit_by_its_name():
    for name, field in stable_fields().items():
        named = {"s": "_s", "ms": "_ms", "UTC": "_at"}
        assert {unit for unit, end in named.items() if name.endswith(end)} == {field.unit} - {""}, name


def test_the_page_of_fields_is_what_the_document_says():
    assert TABLE.findall(PAGE.read_text()) == tables(), "python -m tests.fields writes them anew"


# Where a call's document is handled. Plotly's figure and an event are no calls, and a row is what SQL takes.
HANDLERS = (
    "callstore/report", "callstore/verdict", "callstore/findings", "callstore/projection/cross_call",
    "callstore/projection/queries.py", "callstore/projection/projector.py", "callstore/projection/saving.py",
    "callstore/rehearsal/evaluation", "dashboard/call", "dashboard/calls", "dashboard/export",
    "dashboard/templatetags",
)  # fmt: skip
EXCEPT = {
    "callstore/projection/saving.py",  # of the five columns of a verdict
    "callstore/report/disguise/values.py",  # of whatever a sender wrote
    "dashboard/call/figure.py",
    "dashboard/call/axis/traces.py",
    "dashboard/call/log/inspected.py",
}


def test_nobody_takes_a_call_for_a_mapping_of_anything():
    files = [path for name in HANDLERS for path in sorted({ROOT / name, *(ROOT / name).rglob("*.py")})]
    loose = {
        str(path.relative_to(ROOT))
        for path in files
        if path.is_file() and re.search(r"\b(dict|Mapping)\[str, Any\]", path.read_text())
    }
    assert loose == EXCEPT


def test_the_lag_is_of_facts_that_a_provider_stamped_and_that_mostly_come_at_once():
    story = Story().parent("ringing", "00:18:00").parent("in-progress", "00:18:02")
    story.parent("completed", "00:18:30").socket_opened("00:18:10").watched("00:18:02")
    late_s = (0, 0.3, 9.6, 300, 9.6)
    held = [replace(r, received_at=r.received_at + s) for r, s in zip(story.records, late_s, strict=True)]
    assert report(held[:1])["ingest_lag_p95_ms"] == 0  # its second was cut, and it came within it
    assert report(held[:2])["ingest_lag_p95_ms"] == 190
    assert report(held)["ingest_lag_p95_ms"] == 9925  # neither the application's nor its 300 s
    asked = [replace(r, backfilled=True) for r in held]
    assert report(asked)["ingest_lag_p95_ms"] is None
