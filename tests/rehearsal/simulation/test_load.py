"""simulate: calls into the log by both ways, as many and as fast as asked for."""

import re
import time
from statistics import mean

import pytest
from django.core.management import CommandError, call_command

from callstore.eventlog.db.statement import run
from callstore.eventlog.heads import versions
from callstore.eventlog.reading import read
from callstore.rehearsal.evaluation.evaluate import recorded
from callstore.rehearsal.scenarios import sending
from callstore.rehearsal.simulation.load import appended, calls, paced
from callstore.rehearsal.simulation.story import ACCOUNT, BRIEF
from callstore.report.report import report
from ingest.providers.provider import normalise
from tests.ingest.client import opened


@pytest.fixture
def instance(live_server, settings):
    settings.PUBLIC_BASE_URL = live_server.url
    return opened(live_server)


def kept(call):
    """The keys of a told call in the log, and those that it should have."""
    drafts = [draft for delivery in call.deliveries for draft in normalise(delivery)]
    traces = {read.trace_of(draft.subject) for draft in drafts}
    assert None not in traces
    return {(r.subject, r.event.TYPE) for r in read.records(traces)}, {
        (d.subject, d.event.TYPE) for d in drafts
    }


@pytest.mark.django_db(transaction=True)
def test_calls_are_sent_signed_and_kept(instance, capsys):
    call_command("simulate", "--calls", "3", "--url", instance.url, "--seed", "sent")
    out, bar = capsys.readouterr()
    assert re.fullmatch(r"3 calls, \d+ deliveries in [\d.]+ s: [\d.]+ calls/s, \d+ deliveries/s\n", out)
    assert re.search(r"\] 100% 3 of 3, +[\d.]+ calls/s\n$", bar)
    for call in calls(3, seed="sent"):
        found, told = kept(call)
        assert found == told


@pytest.mark.django_db
def test_calls_are_appended_without_what_has_not_happened_yet(capsys):
    call_command("simulate", "--calls", "4", "--direct", "--seed", "direct", "--truncated", "0.5")
    assert capsys.readouterr().out.startswith("4 calls")
    for call in calls(4, seed="direct", truncated=0.5):
        found, told = kept(call)
        assert told - found <= {(subject, "leg.summarised") for subject, _ in told}
        assert ("provider.warned" in {kind for _, kind in found}) == (
            "provider.warned" in {kind for _, kind in told}
        )


@pytest.mark.django_db(transaction=True)
def test_several_processes_append_what_one_would(capsys):
    [(before,)] = run("SELECT count(*) FROM log.event", [])
    call_command("simulate", "--calls", "41", "--direct", "--brief", "--seed", "several", "--processes", "2")
    said = re.search(r", ([\d,]+) events, [\d,]+ events/s\n$", capsys.readouterr().out)
    several = list(calls(41, seed="several", manner=BRIEF))
    found, told = zip(*map(kept, several), strict=True)
    assert all(t - f <= {(s, "leg.summarised") for s, _ in t} for f, t in zip(found, told, strict=True))
    [(events,)] = run("SELECT count(*) FROM log.event", [])
    assert said and int(said[1].replace(",", "")) == events - before


@pytest.mark.django_db
def test_the_same_calls_again_add_nothing():
    once, again = (list(calls(2, seed="twice", hours=24)) for _ in range(2))
    list(appended(once))
    traces = {read.trace_of(f"twilio:{call.meant['parent_call_sid']}") for call in once}
    before = versions.read(traces)
    list(appended(once))
    assert versions.read(traces) == before
    assert [call.meant for call in again] == [call.meant for call in once]


def test_a_share_is_cut_off():
    cut = [call.meant["truncation_basis"] for call in calls(60, seed="share", truncated=0.5)]
    assert 15 < cut.count("ai_vad") < 45
    assert {c.meant["truncation_basis"] for c in calls(9, seed="all", truncated=1.0)} == {"ai_vad"}


def test_calls_are_told_one_at_a_time_and_no_faster_than_asked_for():
    lazy = paced(calls(1_000_000, seed="many"), rate=20.0)
    began = time.monotonic()
    for _ in range(3):
        next(lazy)
    assert 0.1 <= time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--calls", "0"], "--calls"),
        (["--calls", "1000001"], "--calls"),
        (["--calls", "1", "--rate", "0"], "--rate"),
        (["--calls", "1", "--rate", "nan"], "--rate"),
        (["--calls", "1", "--truncated", "1.1"], "--truncated"),
        (["--calls", "1", "--spread", "-1"], "--spread"),
    ],
)
def test_numbers_that_make_no_sense_are_refused_by_name(more, said):
    with pytest.raises(CommandError, match=said):
        call_command("simulate", *more)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "nonsense", "http://["])
def test_an_instance_that_does_not_answer_is_an_error(url):
    with pytest.raises(CommandError, match="does not answer"):
        call_command("simulate", "--calls", "2", "--url", url)


@pytest.mark.django_db(transaction=True)
def test_secrets_that_are_not_the_instances_are_an_error(instance, monkeypatch):
    monkeypatch.setattr(sending, "configured", lambda setting: setting.read(f"{ACCOUNT}:wrong"))
    with pytest.raises(CommandError, match="refused"):
        call_command("simulate", "--calls", "1", "--url", instance.url, "--seed", "x")


def test_a_brief_call_has_some_twenty_events_and_is_judged_as_it_was_meant():
    sizes = []
    for call in calls(40, seed="brief", hours=24, manner=BRIEF):
        drafts = [draft for delivery in call.deliveries for draft in normalise(delivery)]
        sizes.append(len(drafts))
        judged = report([recorded(draft, position) for position, draft in enumerate(drafts, 1)])
        assert judged["verdict"] == call.meant["verdict"]
    assert 15 < mean(sizes) < 30
