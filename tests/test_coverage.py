"""docs/coverage.md against what the providers can send: every kind has its row, and every row is true."""

import ast
import json
import re
from functools import cache
from typing import NamedTuple

import pytest

from callstore.domain.call.fold import fold
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.record import Record
from callstore.requests.incidents import EnterIncident
from ingest.backfill.fetch import Api
from ingest.dialects import own_facts, status_page
from ingest.dialects.app.bodies import _READERS
from ingest.dialects.openai import sideband
from ingest.dialects.openai.compaction import compacted
from ingest.dialects.openai.sideband import Envelope
from tests.ingest import deliveries as given
from tests.ingest import openai_events, twilio_kinds, twilio_resources
from tests.ingest.dialects.test_status_page import INCIDENT_IO, STATUSPAGE
from tests.places import ROOT

PAGE_URL = "https://status.openai.com/api/v2/incidents.json"
PAGE = (ROOT / "docs" / "coverage.md").read_text()


class Row(NamedTuple):
    kind: str
    fact: str
    file: str
    test: str


def rows(section):
    """The rows of a section by their kind."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    assert text, section
    found = re.findall(r"^\| `([^`]+)` \| `([\w.]+)` \| .* \| `(tests/[\w/.]+)` `(test_\w+)` \|$", text, re.M)
    assert len(found) == len(re.findall(r"^\| `", text, re.M)), f"a row of {section} lacks a cell"
    return {kind: Row(kind, *cells) for kind, *cells in found}


REALTIME, LIVE = "OpenAI: Realtime server events", "OpenAI: Live server events"
BETA, NESTED = "OpenAI: Realtime server events by beta names", "OpenAI: what a response.event wraps"
WEBHOOKS, CALLBACKS, STREAMS = (
    "OpenAI: webhooks",
    "Twilio: callbacks and copies of requests",
    "Twilio: Event Streams",
)
APPLICATION, REST, PAGES = "The application", "Twilio: REST", "Status pages"
ALL = (REALTIME, BETA, LIVE, NESTED, WEBHOOKS, CALLBACKS, STREAMS, REST, APPLICATION, PAGES)
CALL = {"type": "function_call", "id": "fc_1", "name": "end_call", "arguments": "{}"}
PLACE = {"response_id": "r", "item_id": "i"}


def samples(section):
    """What is sent of each kind, as the door or the socket gets it."""
    match section:
        case _ if section == REALTIME:
            found = openai_events.realtime()
            done = "response.output_item.done"  # the package's first kind of item is a message
            return {**found, done: {**found[done], "item": CALL}}
        case _ if section == LIVE:
            return openai_events.live()
        case _ if section == BETA:
            said = {**PLACE, "delta": "a", "transcript": "a", "text": "a"}
            audio = {"type": "response.audio.delta", **PLACE, "delta": openai_events.AUDIO}
            return {kind: {"type": kind, **said} for kind in rows(BETA)} | {audio["type"]: audio}
        case _ if section == NESTED:
            inner = {"item": CALL, "item_id": "fc_1", "name": "end_call", "arguments": "{}"}
            return {
                kind: {"type": "response.event", "event": {"type": kind, **inner}} for kind in rows(NESTED)
            }
        case _ if section == WEBHOOKS:
            return openai_events.webhooks()
        case _ if section == CALLBACKS:
            return twilio_kinds.callbacks()
        case _ if section == STREAMS:
            return twilio_kinds.streams()
        case _ if section == REST:
            return twilio_resources.drafts()
        case _ if section == PAGES:
            return incidents()
    return {
        kind: given.event(kind, STATEMENTS.get(kind, {}), subject="openai:rtc_u1_one")
        for kind in rows(section)
    }


FRAME = {"call_id": "rtc_u1_one", "connection_id": "c", "seq": 1, "event": {"type": "conversation.created"}}
STATEMENTS = {
    "realtime.frame": FRAME,
    "realtime.sent": FRAME,
    "realtime.socket.opened": FRAME,
    "realtime.socket.closed": FRAME,
    **{f"realtime.observer.{state}": FRAME for state in ("started", "stopped", "lost")},
    "realtime.api_call": {"call_id": "rtc_u1_one", "path": "/v1/realtime/calls/rtc_u1_one/hangup"},
    "twilio.exchange": {
        "url": "/voice", "params": {"CallSid": twilio_kinds.LEG["CallSid"], "CallStatus": "ringing"},
        "status": 200, "response": "<Response/>",
    },
    "incident.published": {"provider": "openai", "external_id": "1"},
}  # fmt: skip


def forwarded(event):
    return given.facts(given.cloud(given.frame(event, call_id="rtc_u1_one")))


def observed(event):
    """The same as an observer of our own would keep it."""
    envelope = Envelope(
        source="observer",
        subject="openai:rtc_u1_one",
        connection="conn_1",
        sequence=1,
        occurred=Instant(given.NOON, Clock.RECEIVER),
        received_at=given.NOON,
        raw=b"{}",
    )
    return sideband.server_event(envelope, compacted(event))


def incidents():
    """The facts of each kind of page, and of one that somebody entered."""
    read = {"Statuspage": STATUSPAGE, "incident.io": INCIDENT_IO}
    facts = {
        kind: [
            e.draft
            for e in status_page.read(json.dumps({"incidents": [said]}).encode(), PAGE_URL, 1.0).entries
        ]
        for kind, said in read.items()
    }
    return facts | {"entered": [own_facts.incident_entered(EnterIncident("openai", "Down", 1.0, None, None))]}


def told(section, sample):
    """The facts of one sample."""
    if section in (REALTIME, BETA, LIVE, NESTED):
        return forwarded(sample)
    if section == WEBHOOKS:
        data = {name: value for name, value in sample["data"].items() if name != "sip_headers"}
        return given.facts(given.webhook(sample["type"], **data))
    if section == CALLBACKS:
        return given.facts(sample)
    if section in (REST, PAGES):
        return sample
    return given.facts(given.stream(sample) if section == STREAMS else given.cloud(sample))


@pytest.mark.parametrize("section", [REALTIME, LIVE, WEBHOOKS, CALLBACKS, STREAMS, REST, PAGES])
def test_every_kind_that_a_provider_has_is_a_row_and_no_row_speaks_of_another(section):
    assert set(rows(section)) == set(samples(section))


def test_the_realtime_union_has_the_types_that_are_known():
    assert len(openai_events.realtime()) == 46
    assert len(openai_events.live()) == 30


def test_whatever_twilios_api_is_asked_for_has_its_row():
    asked = {name for name in vars(Api) if not name.startswith("_")}
    assert asked == {name for names in twilio_resources.ASKED.values() for name in names}
    assert twilio_resources.ASKED.keys() == rows(REST).keys()


def test_whatever_the_application_may_tell_has_its_row():
    assert _READERS.keys() - {own_facts.SMOKE_TEST} <= rows(APPLICATION).keys()


KINDS = [(section, kind) for section in ALL for kind in rows(section)]


@pytest.mark.parametrize(("section", "kind"), KINDS)
def test_what_a_kind_folds_into_is_what_its_row_says(section, kind):
    facts = told(section, samples(section)[kind])
    assert rows(section)[kind].fact in [fact.event.TYPE for fact in facts]


@pytest.mark.parametrize(("section", "kind"), [k for k in KINDS if k[0] in (REALTIME, BETA, LIVE, NESTED)])
def test_a_frame_is_the_same_fact_forwarded_and_observed_and_keeps_no_audio(section, kind):
    sample = samples(section)[kind]
    [one], other = forwarded(sample), observed(sample)
    assert (one.event, one.key, one.subject, one.sequence) == (
        other.event, other.key, other.subject, other.sequence,
    )  # fmt: skip
    assert openai_events.AUDIO.encode() not in one.raw


@pytest.mark.parametrize("section", ALL)
def test_all_kinds_together_are_a_call(section):
    drafts = [draft for sample in samples(section).values() for draft in told(section, sample)]
    records = [
        Record(
            position=number, source=draft.source, subject=draft.subject, key=str(number), event=draft.event,
            occurred=draft.occurred, received_at=draft.received_at, sequence=number, refs=draft.refs,
        )
        for number, draft in enumerate(drafts, 1)
    ]  # fmt: skip
    assert fold(records).event_count == len(records) >= len(samples(section))


def test_a_type_to_come_is_kept_as_a_sign_of_life():
    [fact] = forwarded({"type": "response.hologram.delta", "delta": "x"})
    assert (fact.event.TYPE, fact.event.kind) == ("frame.seen", "response.hologram.delta")
    assert b"response.hologram.delta" in fact.raw


@cache
def functions(file):
    return {
        node.name
        for node in ast.walk(ast.parse((ROOT / file).read_text()))
        if isinstance(node, ast.FunctionDef)
    }


@pytest.mark.parametrize(("section", "kind"), KINDS)
def test_the_proof_of_a_row_is_there(section, kind):
    row = rows(section)[kind]
    assert row.test in functions(row.file)
