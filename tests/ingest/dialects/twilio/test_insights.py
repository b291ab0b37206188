"""Events of Voice Insights: one fact by whichever way, and no ground of any verdict."""

import json

import pytest

from callstore.domain.facts.events import Unrecognised
from callstore.rehearsal.evaluation.evaluate import recorded
from callstore.rehearsal.scenarios.scenario import load
from callstore.report.report import report
from ingest.dialects.twilio import rest
from ingest.providers.provider import normalise
from tests.ingest import deliveries as given

NOW = 1_790_000_000.0


def noted(call, **fields):
    """As the Events resource has it (twilio.com/docs/voice/voice-insights/api/call/call-events-resource)."""
    return {
        "timestamp": "2026-04-13T00:18:33Z", "call_sid": call, "account_sid": given.ACCOUNT,
        "edge": "sip_edge", "group": "audio", "level": "WARNING", "name": "silence-detected",
        "carrier_edge": None, "sip_edge": {"metadata": {"region": "us1"}}, "client_edge": None, **fields,
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["gateway", "sdk"])
def test_what_insights_noted_is_the_same_fact_by_stream_and_by_api(kind):
    data = noted(given.sid())
    [asked] = rest.insight(data, NOW)
    for sent in (data, json.dumps(data)):
        event = {"type": f"com.twilio.voice.insights.call-event.{kind}", "id": "EZ1", "data": sent}
        [streamed] = normalise(given.stream(event))
        assert (streamed.subject, streamed.key, streamed.event) == (asked.subject, asked.key, asked.event)
    assert asked.backfilled and not streamed.backfilled
    assert (asked.event.name, asked.event.level, asked.event.edge) == (
        "silence-detected",
        "warning",
        "sip_edge",
    )
    assert asked.occurred.precision_ms == 1000


def test_two_things_noted_in_one_second_are_two_facts():
    call = given.sid()
    found = [
        rest.insight(noted(call, **more), NOW)[0].key for more in ({}, {"name": "jitter"}, {"edge": "x"})
    ]
    assert len(set(found)) == 3


def test_what_is_noted_without_a_name_or_a_time_stays_unrecognised_on_its_leg():
    call = given.sid()
    for lacking in ("name", "timestamp"):
        kind = "com.twilio.voice.insights.call-event.gateway"
        [draft] = normalise(given.stream({"type": kind, "id": "EZ1", "data": noted(call, **{lacking: None})}))
        assert isinstance(draft.event, Unrecognised) and draft.subject == f"twilio:{call}"


def test_what_insights_noted_is_told_in_the_document_and_changes_no_judgement():
    call = load("founding_call")
    drafts = [draft for delivery in call.deliveries for draft in normalise(delivery)]
    child = report([recorded(draft, n) for n, draft in enumerate(drafts, 1)])["child_call_sid"]
    more = [*drafts, *rest.insight(noted(child), drafts[0].received_at)]
    before, after = (report([recorded(d, n) for n, d in enumerate(each, 1)]) for each in (drafts, more))
    assert [note["name"] for note in after["media_notes"]] == ["silence-detected"]
    for name in ("verdict", "cause", "verdict_confidence", "flags", "judgement", "findings", "ended_at"):
        assert after[name] == before[name]
