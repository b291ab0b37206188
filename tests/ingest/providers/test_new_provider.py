"""A new provider is one folder: the one in tests/toy_provider, which no other file of the tree names."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from django.core.management import call_command

import ingest.providers
from callstore.checks import check_settings
from callstore.domain.call.fold import fold
from callstore.domain.facts import ids
from callstore.eventlog.reading import read
from callstore.projection import projector, queries
from ingest.models import Rejection
from ingest.providers.folders import folders, part
from ingest.providers.provider import discovered
from tests.ingest.client import Client, opened
from tests.ingest.providers import contract
from tests.places import ROOT

TOY = ROOT / "tests" / "toy_provider"
# The scanned path made longer by the folder, before the settings are read.
LONGER = f"import sys, ingest.providers; ingest.providers.__path__.append({str(TOY)!r}); "


@pytest.fixture
def toy(settings, monkeypatch):
    """The name of the provider that is found once its folder's place is scanned too."""
    known = folders()
    monkeypatch.setattr(ingest.providers, "__path__", [*ingest.providers.__path__, str(TOY)])
    discovered.cache_clear()
    [name] = set(folders()) - set(known)
    setting = part(name, "setting").SETTING
    setattr(settings, setting.name, setting.read(setting.demo))
    yield name
    discovered.cache_clear()


@pytest.fixture
def example(toy):
    """Its first delivery, of a leg that nobody has met."""
    first = contract.examples(toy)[0]
    sid = "CA" + os.urandom(16).hex()
    body = ids.WRITTEN_CALL_SID.sub(sid, first.delivery.body.decode()).encode()
    return first._replace(delivery=replace(first.delivery, body=body))


def post(delivery):
    headers = {name: value for name, value in delivery.headers.items() if name != "content-type"}
    kind = delivery.headers["content-type"]
    return Client().post(delivery.path, data=delivery.body, content_type=kind, headers=headers)


def kept(leg):
    trace = read.trace_of(f"twilio:{leg}")
    return [] if trace is None else read.records([trace])


def run(code, **environment):
    """Python with the longer path and nothing but this environment."""
    environment = {"PATH": os.environ["PATH"], "CALLSTORE_DATA_DIR": "/nonexistent", **environment}
    command = [sys.executable, "-c", LONGER + code]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)


def test_it_keeps_the_promises_of_every_provider(toy):
    contract.it_has_examples_of_both_kinds_and_says_how_to_set_it_up(toy)
    for promise, example in contract.promises(toy):
        promise(example)


@pytest.mark.django_db
def test_a_delivery_at_its_door_is_kept_under_its_name_and_folded_into_a_call(toy, example):
    answer = post(contract.signed(example))
    assert (answer.status_code, answer.content) == (204, b"")
    leg = ids.WRITTEN_CALL_SID.search(example.delivery.body.decode())[0]
    [record] = kept(leg)
    assert (record.source, record.event.TYPE) == (toy, "leg.status")
    assert fold([record]).legs[leg].status == record.event.status
    projector.project([read.trace_of(record.subject)])
    assert queries.find(leg)["event_count"] == 1


@pytest.mark.django_db
def test_a_bad_proof_at_its_door_is_refused_and_only_counted(toy, example):
    forged = contract.signed(example, with_="another")
    answer = post(forged)
    assert (answer.status_code, answer.content) == (403, b"")
    assert kept(ids.WRITTEN_CALL_SID.search(forged.body.decode())[0]) == []
    [refusal] = Rejection.objects.values("door", "count")
    assert refusal == {"door": toy, "count": 1}


@pytest.mark.django_db
def test_its_door_opens_no_other_path_and_answers_only_post(toy):
    assert Client().post(f"/hooks/{toy}/deeper").status_code == 404
    assert Client().get(f"/hooks/{toy}").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_its_deliveries_are_signed_and_sent_as_a_scenario(toy, live_server, settings, capsys):
    settings.PUBLIC_BASE_URL = opened(live_server).url
    file = contract.folder(toy) / "examples.jsonl"
    call_command("send_scenario", str(file), "--url", live_server.url, "--rebase")
    out = capsys.readouterr().out
    leg = out.strip().rpartition("/")[2]
    assert out.count(f"204 {toy}") == len(contract.examples(toy))
    assert {record.source for record in kept(leg)} == {toy}


def test_its_setting_is_missed_by_the_checks(toy, settings):
    setting = part(toy, "setting").SETTING
    settings.DEMO = False
    assert setting.check not in [problem.id for problem in check_settings(None)]
    setattr(settings, setting.name, setting.read(""))
    [problem] = [problem for problem in check_settings(None) if problem.id == setting.check]
    assert problem.msg == f"{setting.name} is not set: {setting.without}."


def test_its_setting_is_read_with_all_others_and_has_a_demo_value(toy):
    name = part(toy, "setting").SETTING.name
    show = f"from callstore import settings; print(settings.{name})"
    assert run(show, **{name: "one, two"}).stdout == "['one', 'two']\n"
    assert run(show, CALLSTORE_DEMO="1").stdout == f"{[part(toy, 'setting').SETTING.demo]}\n"
    assert run(show).stdout == "[]\n"


def test_no_other_file_names_it(toy):
    trees = ["callstore", "dashboard", "docs", "ingest", "tests"]
    files = [path for tree in trees for path in (ROOT / tree).rglob("*") if path.is_file()]
    files += [path for path in ROOT.iterdir() if path.is_file()]
    suffixes = {".py", ".md", ".toml", ".html", ".yaml", ".example", ""}
    texts = [path for path in files if path.suffix in suffixes and TOY not in path.parents]
    assert [str(path) for path in texts if toy in path.read_text(errors="replace").lower()] == []
