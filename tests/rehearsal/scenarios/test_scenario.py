"""Recorded calls: read, made new, and sent over real HTTP."""

import json
import shutil
import time
import zipfile

import pytest
from django.core.management import CommandError, call_command

from callstore.domain.facts.events import LegStatus, RecordingStatus, SessionOffered
from callstore.eventlog.reading import read
from callstore.rehearsal.scenarios import scenario as scenarios
from callstore.rehearsal.scenarios import sending
from callstore.rehearsal.scenarios.rebase import rebased
from callstore.rehearsal.scenarios.scenario import LIBRARY, Unreadable, load
from callstore.rehearsal.scenarios.sending import moved_to_now
from ingest.providers.provider import normalise
from tests.ingest import deliveries as given
from tests.ingest.client import opened

NAMES = sorted(path.parent.name for path in LIBRARY.glob("*/deliveries.jsonl"))
WEEK = 7 * 86_400


def identity(draft):
    return (draft.source, draft.subject, draft.key, draft.fingerprint)


def distinct(drafts):
    return {identity(draft): draft for draft in drafts}


@pytest.mark.parametrize("name", NAMES)
def test_every_delivery_of_every_scenario_is_recognised(name):
    found = scenarios.drafts(load(name))
    assert [d for d in found if d.event.TYPE == "unrecognised"] == []
    legs = scenarios.leg(load(name))
    assert legs is None if name == "elastic_trunk" else legs.startswith("CA")  # a trunk tells of no leg


def test_late_repeated_and_reordered_deliveries_add_no_fact():
    call = load("out_of_order_and_duplicates")
    found = scenarios.drafts(call)
    facts = distinct(found)
    assert len(facts) < len(found)
    child = [k for k in facts if k[2] == "status:3:completed"]
    assert len(child) == 1
    by_key = {}
    for draft in found:
        by_key.setdefault(identity(draft), []).append(draft.event)
    assert {len(set(map(repr, events))) for events in by_key.values()} == {1}


def test_a_fact_by_callback_stream_and_exchange_has_one_key():
    call = load("out_of_order_and_duplicates")
    ways = {}
    for delivery in call.deliveries:
        for draft in normalise(delivery):
            if draft.source == "twilio":
                ways.setdefault(identity(draft), set()).add((delivery.door, delivery.is_json))
    assert {("twilio", False), ("twilio", True)} in ways.values()  # a status, by callback and by stream
    assert {
        ("twilio", False),
        ("app", True),
    } in ways.values()  # a TwiML request, as a copy and as an exchange


@pytest.mark.parametrize("name", NAMES)
def test_a_rebased_call_is_the_same_call_at_another_time_with_ids_of_its_own(name):
    old = load(name)
    new = rebased(old, WEEK)
    before, after = scenarios.drafts(old), scenarios.drafts(new)
    assert [d.event.TYPE for d in before] == [d.event.TYPE for d in after]
    assert [d.occurred.clock for d in before] == [d.occurred.clock for d in after]
    assert [round(b.occurred.at - a.occurred.at, 6) for a, b in zip(before, after, strict=True)] == [
        WEEK
    ] * len(after)
    assert not {d.subject for d in before} & {d.subject for d in after}
    # The same id is the same everywhere: the pattern of repeats, and of links, is unchanged.
    assert shape(before) == shape(after)


def shape(drafts):
    numbers = {}

    def number(value):
        return numbers.setdefault(value, len(numbers))

    return [
        (number(d.subject), number(identity(d)), tuple((ref.rule, number(ref.id)) for ref in d.refs))
        for d in drafts
    ]


def test_a_rebased_call_keeps_what_is_not_its_own():
    old, new = load("founding_call"), rebased(load("founding_call"), WEEK)
    for a, b in zip(old.deliveries, new.deliveries, strict=True):
        assert (a.path, len(a.body)) == (b.path, len(b.body))
    text = b"".join(delivery.body for delivery in new.deliveries)
    for kept in (
        given.ACCOUNT,
        "%2B81355500123",
        "proj_Ab12Cd34Ef56Gh78",
        "finish_session",
        '"audio/pcmu"',
        "32113",
    ):
        assert kept.encode() in text
    starts = {d.event.started_at for d in scenarios.drafts(new) if isinstance(d.event, RecordingStatus)}
    old_starts = {d.event.started_at for d in scenarios.drafts(old) if isinstance(d.event, RecordingStatus)}
    assert starts == {start + WEEK for start in old_starts}
    [offered] = [d for d in scenarios.drafts(new) if isinstance(d.event, SessionOffered)]
    assert any(d.subject == f"twilio:{offered.event.child}" for d in scenarios.drafts(new))


def test_a_call_moved_to_now_ends_now_or_when_its_end_is_sent():
    call = load("founding_call")
    assert abs(scenarios.ended_at(moved_to_now(call, None)) - time.time()) < 2
    at_ten = scenarios.ended_at(moved_to_now(call, 10.0))
    assert abs(at_ten - time.time() - 6.0) < 2


def test_a_scenario_is_found_by_name_folder_or_file(tmp_path):
    by_name = load("founding_call")
    folder = LIBRARY / "founding_call"
    assert load(folder) == load(folder / "deliveries.jsonl") == load(folder / "scenario.json") == by_name
    assert by_name.recording.name == "recording.wav" and by_name.expect["verdict"] == "ai_silent_first"
    assert scenarios.deliveries(LIBRARY / "founding_call") == list(by_name.deliveries)
    assert load("sip_486").recording is None


def test_a_scenario_is_read_as_the_api_packs_it(tmp_path):
    by_name = load("founding_call")
    packed = shutil.make_archive(str(tmp_path / "fixture"), "zip", LIBRARY / "founding_call")
    found = load(packed)
    assert (found.name, found.deliveries, found.expect) == ("fixture", by_name.deliveries, by_name.expect)
    assert scenarios.sound(found) == scenarios.sound(by_name)


def test_a_fixture_that_was_made_to_be_large_or_is_no_whole_archive_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(scenarios, "MOST_BYTES", 2**20)
    large, half = tmp_path / "large.zip", tmp_path / "half.zip"
    with zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deliveries.jsonl", b" " * (2**20 + 1))
    with pytest.raises(Unreadable, match="unpacks to more than 1 MB"):
        load(large)
    directory = large.read_bytes().rindex(b"PK\x01\x02")
    half.write_bytes(large.read_bytes()[:directory] + b"XX" + large.read_bytes()[directory + 2 :])
    with pytest.raises(Unreadable, match="no whole archive"):
        load(half)


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "{",
        "7",
        '{"at": "soon", "door": "app", "path": "/", "body": ""}',
        '{"at": "2026-04-13T00:00:00Z", "door": "window", "path": "/", "body": ""}',
        '{"at": "2026-04-13T00:00:00Z", "door": "app", "path": "/"}',
        '{"at": "2026-04-13T00:00:00Z", "door": "app", "path": "/", "body": "", "headers": 7}',
    ],
)
def test_a_file_that_is_no_scenario_is_named_with_its_line(tmp_path, lines):
    (tmp_path / "deliveries.jsonl").write_text(lines)
    with pytest.raises(Unreadable, match=r"deliveries\.jsonl"):
        load(tmp_path)


def test_a_scenario_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(Unreadable, match="founding_call"):
        load("no_such_call")


@pytest.fixture
def instance(live_server, settings, tmp_path):
    """A demo instance on loopback, whose public name is its address."""
    settings.PUBLIC_BASE_URL = live_server.url
    settings.DATA_DIR = tmp_path
    return opened(live_server)


@pytest.mark.django_db(transaction=True)
def test_a_call_is_sent_and_kept(instance, settings, capsys):
    call_command("send_scenario", "founding_call", "--url", instance.url, "--rebase", "--speed", "1000")
    out = capsys.readouterr().out
    leg = out.strip().rpartition("/")[2]
    assert "20 deliveries" in out and f"{instance.url}/calls/CA" in out
    kept = read.records([read.trace_of(f"twilio:{leg}")])
    assert any(isinstance(r.event, LegStatus) and r.event.status == "completed" for r in kept)
    sid = next(r.event.recording for r in kept if isinstance(r.event, RecordingStatus))
    media = settings.DATA_DIR / "demo-media" / given.ACCOUNT / f"{sid}.wav"
    assert media.read_bytes() == (LIBRARY / "founding_call" / "recording.wav").read_bytes()


@pytest.mark.django_db(transaction=True)
def test_an_account_without_a_token_is_an_error_that_names_it(instance, settings):
    wrong = json.dumps(
        {
            "at": "2026-04-13T00:00:00Z",
            "door": "twilio",
            "path": "/hooks/twilio/x",
            "headers": {"Content-Type": "application/x-www-form-urlencoded"},
            "body": "AccountSid=AC" + "9" * 32,
        }
    )
    file = settings.DATA_DIR / "deliveries.jsonl"
    file.write_text(wrong)
    with pytest.raises(CommandError, match="TWILIO_ACCOUNTS has no token for AC9"):
        call_command("send_scenario", str(file), "--url", instance.url)


@pytest.mark.django_db(transaction=True)
def test_secrets_that_are_not_the_instances_are_an_error(instance, monkeypatch):
    monkeypatch.setattr(sending, "configured", lambda setting: setting.read(f"{given.ACCOUNT}:wrong"))
    with pytest.raises(CommandError, match="refused"):
        call_command("send_scenario", "sip_486", "--url", instance.url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "nonsense", "http://["])
def test_an_instance_that_does_not_answer_is_an_error(settings, url):
    settings.PUBLIC_BASE_URL = ""
    with pytest.raises(CommandError, match="does not answer"):
        call_command("send_scenario", "sip_486", "--url", url)
