"""What callbacks lost comes back from Twilio's API, and the call reads as if nothing had been lost."""

from collections import defaultdict
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from callstore.domain.facts.events import LegStatus, RecordingStatus, TwilioAsked
from callstore.eventlog.reading import read
from callstore.eventlog.writing import homes
from callstore.eventlog.writing.append import append
from callstore.rehearsal.scenarios import scenario as scenarios
from callstore.rehearsal.scenarios.scenario import LIBRARY, load
from callstore.report.report import report
from ingest.dialects.own_facts import twilio_asked
from ingest.providers.provider import normalise
from tests.eventlog import tampering
from tests.eventlog.conftest import empty_log  # noqa: F401
from tests.eventlog.tampering import sql
from tests.ingest.backfill.losing import LEARNED, all_after_the_answer, child_end, differences
from tests.ingest.deliveries import ACCOUNT
from tests.ingest.twilio_api import knowing, serving

pytestmark = pytest.mark.django_db

# Of a trunk Twilio has no call, and nothing to be asked for.
NAMES = sorted(path.parent.name for path in LIBRARY.glob("*/deliveries.jsonl") if "trunk" not in str(path))


@pytest.fixture
def twilio(settings):
    with serving() as api:
        settings.TWILIO_API_BASE_URL = api.url
        settings.TWILIO_ACCOUNTS = {ACCOUNT: ["token"]}
        api.tokens = {"token"}
        yield api


def told(deliveries):
    """Keeps their facts; for each the position, None where it was kept before."""
    return append([draft for delivery in deliveries for draft in normalise(delivery)])


def document():
    """The one call of the log as it reads, without what says when and by which event we learned of it."""
    return timeless(report(everything()))


def everything():
    return read.records({trace for (trace,) in sql("SELECT DISTINCT trace_id FROM log.event")})


def timeless(value):
    if isinstance(value, dict):
        return {name: timeless(item) for name, item in value.items() if name not in LEARNED}
    return [timeless(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("losing", [child_end, all_after_the_answer])
@pytest.mark.parametrize("name", NAMES)
def test_after_backfill_a_call_reads_as_if_nothing_had_been_lost(empty_log, twilio, name, losing):  # noqa: F811
    call = load(name)
    knowing(call, twilio)
    lost = losing(call)
    told(call.deliveries)
    backfill(call)
    whole = document()

    forget()
    told([delivery for delivery in call.deliveries if not lost(delivery)])
    without = document()
    backfill(call)
    found = differences(whole, document())
    if name == "out_of_order_and_duplicates":  # its requests came late, and have their time of receipt
        found = [each for each in found if not each.startswith((".flow", ".judgement"))]
    assert found == []
    if name == "founding_call":  # what was lost was missed
        assert differences(whole, without) != []


@pytest.mark.parametrize("name", NAMES)
def test_of_a_whole_call_the_api_tells_nothing_that_changes_it(empty_log, twilio, name):  # noqa: F811
    call = load(name)
    knowing(call, twilio)
    told(call.deliveries)
    time_passes(call)
    before = document()
    backfill(call)
    assert differences(before, document()) == []
    assert sql("SELECT count(*) FROM log.conflict") == [(0,)]


def test_a_callback_that_comes_after_all_is_the_fact_that_backfill_brought(empty_log, twilio):  # noqa: F811
    call = load("founding_call")
    knowing(call, twilio)
    lost = all_after_the_answer(call)
    told([delivery for delivery in call.deliveries if not lost(delivery)])
    backfill(call)
    brought = [r for r in everything() if r.backfilled]
    kinds = sorted(r.event.TYPE for r in brought if isinstance(r.event, LegStatus | RecordingStatus))
    assert kinds == ["leg.status", "leg.status", "recording.status", "recording.status"]
    late = [delivery for delivery in call.deliveries if lost(delivery)]
    assert told(late) == [None] * len(told(late))
    assert sql("SELECT count(*) FROM log.conflict") == [(0,)]


def test_before_twilio_lists_its_requests_the_resources_alone_end_the_call(empty_log, twilio):  # noqa: F811
    """Thirty seconds after the end there is no Call Event: the resource stands in, and gives way later."""
    call = load("founding_call")
    knowing(call, twilio)
    listed, twilio.events = twilio.events, defaultdict(list)
    lost = all_after_the_answer(call)
    told([delivery for delivery in call.deliveries if not lost(delivery)])
    backfill(call)
    early = document()
    assert (early["child_status"], early["parent_status"]) == ("completed", "completed")
    assert (early["child_duration_s"], early["parent_duration_s"]) == (29, 60)
    assert "incomplete" not in early["flags"]
    twilio.events = listed
    backfill(call)
    told([delivery for delivery in call.deliveries if lost(delivery)])
    late = document()
    forget()
    told(call.deliveries)
    time_passes(call)
    assert differences(document(), late) == []


def test_each_asking_is_a_fact_that_says_what_came(empty_log, twilio):  # noqa: F811
    call = load("founding_call")
    knowing(call, twilio)
    told([delivery for delivery in call.deliveries if not child_end(call)(delivery)])
    for _ in range(3):
        backfill(call)
    asked = sorted(
        (r.event for r in everything() if isinstance(r.event, TwilioAsked)), key=lambda e: e.attempt
    )
    assert [(e.step, e.attempt, e.failure) for e in asked] == [("command", n, None) for n in (1, 2, 3)]
    assert asked[0].found > 0 and asked[1].found == asked[2].found == 0
    assert [a["found"] for a in report(everything())["backfill"]["asked"]] == [e.found for e in asked]


def test_of_an_erased_call_nothing_is_asked_for_again(empty_log, twilio):  # noqa: F811
    call = load("founding_call")
    knowing(call, twilio)
    told([delivery for delivery in call.deliveries if not child_end(call)(delivery)])
    events = sql("SELECT count(*) FROM log.event")
    sql("UPDATE log.call_key SET wrapped = NULL, destroyed_at = now()")
    with pytest.raises(CommandError, match="was erased"):
        backfill(call)
    assert (sql("SELECT count(*) FROM log.event"), twilio.requests) == (events, [])
    call_command("backfill", "twilio", "--since", "2026-04-13T00:00:00Z")
    assert sql("SELECT count(*) FROM log.event") == events


def test_since_brings_calls_of_which_nothing_was_delivered(empty_log, twilio):  # noqa: F811
    call = load("founding_call")
    knowing(call, twilio)
    call_command("backfill", "twilio", "--since", "2026-04-13T00:00:00Z")
    told([delivery for delivery in call.deliveries if delivery.door == "app"])
    found = document()
    assert (found["child_status"], found["sip_response_code"], found["dtmf"]) == ("completed", 200, "1")
    assert found["warning_codes"] == ["32113"]


def test_personal_data_of_a_backfilled_fact_is_encrypted_as_a_callbacks(empty_log, twilio):  # noqa: F811
    call = load("founding_call")
    knowing(call, twilio)
    call_command("backfill", "twilio", "--since", "2026-04-13T00:00:00Z")
    number = "position(convert_to('355500123', 'UTF8') IN {}) > 0"
    for column in ("convert_to(facts::text, 'UTF8')", "body", "personal", "convert_to(dedup_key, 'UTF8')"):
        assert sql(f"SELECT count(*) FROM log.event WHERE {number.format(column)}") == [(0,)]
    assert any(getattr(r.event, "caller", None) == "+81355500123" for r in everything())


def backfill(call):
    call_command("backfill", "twilio", "--call", scenarios.leg(call), stdout=StringIO())


def time_passes(call):
    """An asking that brings nothing: what is awaited for some minutes is no longer awaited."""
    append([twilio_asked(scenarios.leg(call), TwilioAsked(step="command", attempt=99, found=0))])


def forget():
    tampering.empty()
    homes._homes.clear()
