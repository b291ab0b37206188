"""/metrics: complete, cheap for the database, and answering without it."""

import re
import time

import pytest
from django.db import connection
from django.test import Client

from callstore.base import counts, heartbeat, valkey
from callstore.eventlog.heads import leases
from callstore.health import figures
from callstore.health.figures import Figure, Group, alone
from dashboard.live import stream
from tests.ingest import deliveries as given
from tests.ingest.client import Client as Doors
from tests.places import ROOT
from tests.projection.facts import keep, sid, status

ROW = re.compile(r"^\| `(callstore_\w+)` \| (\w+) \|(.*?)\| (?:process|host|store) \| .+ \|$", re.M)
SAMPLE = re.compile(r"^(callstore_\w+?)(?:\{(.*)\})? (\S+)$", re.M)


@pytest.fixture(autouse=True)
def asked_anew() -> None:
    """Nothing is remembered of another test's database."""
    figures.FIGURES.ask_anew()


def scraped(client: Client) -> str:
    return client.get("/metrics", headers={"host": "whatever"}).content.decode()


def samples(text: str) -> dict[str, float]:
    """By name and labels as they are written."""
    return {f"{name}{{{labels}}}" if labels else name: float(n) for name, labels, n in SAMPLE.findall(text)}


@pytest.mark.django_db(transaction=True)
def test_the_table_of_the_page_is_what_is_told(client: Client, settings) -> None:
    assert stream.OPEN  # of the web process
    heartbeat.beat("relay")
    given.configured(settings)
    Doors().post("/hooks/app/", data=b"{}", content_type="application/json")
    text = scraped(client)
    rows = {
        name: (kind, labels) for name, kind, labels in ROW.findall((ROOT / "docs/metrics.md").read_text())
    }
    told = dict(re.findall(r"^# TYPE (callstore_\w+) (\w+)$", text, re.M))
    assert {name: kind for name, (kind, _) in rows.items()} == told
    for name, labels, _ in SAMPLE.findall(text):
        assert re.findall(r"`(\w+)`", rows[name][1]) == re.findall(r"(\w+)=", labels), name
    assert all(
        name in samples(text)
        for name, (_, labels) in rows.items()
        if not labels and not re.search("nightly|overdue", name)
    )


@pytest.mark.django_db(transaction=True)
def test_each_answer_of_a_door_is_counted_and_each_refusal_by_its_reason(client: Client, settings) -> None:
    given.configured(settings)
    before = samples(scraped(client))
    Doors().post("/hooks/app/", data=b"[]", content_type="application/json")
    good = {"Authorization": f"Bearer {given.SECRETS['app']}"}
    Doors().post("/hooks/app/", data=b"[]", content_type="application/json", headers=good)
    Doors().get("/hooks/app/")
    now = samples(scraped(client))
    more = {name: n - before.get(name, 0) for name, n in now.items() if n != before.get(name, 0)}
    of_the_door = {name: n for name, n in more.items() if 'door="app"' in name}
    for result in ("refused", "taken", "malformed"):
        assert of_the_door.pop(f'callstore_deliveries_total{{door="app",result="{result}"}}') == 1
    [(refusal, times)] = of_the_door.items()
    assert refusal.startswith('callstore_refusals_total{door="app",reason="') and times == 1


@pytest.mark.django_db(transaction=True)
def test_however_often_it_is_scraped_the_database_is_asked_once(client: Client, monkeypatch) -> None:
    asked: list[int] = []

    def counted() -> list[figures.Samples]:
        asked.append(1)
        return [alone(len(asked))]

    counting = Group((Figure("callstore_asked", "How often."),), counted)
    monkeypatch.setattr(figures, "STORED", [*figures.STORED, counting])
    for _ in range(20):
        text = scraped(client)
    assert len(asked) == 1 and samples(text)["callstore_asked"] == 1


@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_away_it_tells_what_it_knew(client: Client, monkeypatch) -> None:
    assert samples(scraped(client))["callstore_database_up"] == 1
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    figures.FIGURES.ask_anew()
    found = samples(scraped(client))
    assert found["callstore_database_up"] == 0
    assert found["callstore_projection_parked"] == 0 and found["callstore_metrics_age_seconds"] > 0
    assert found["callstore_spool_bytes"] == 0


@pytest.mark.django_db(transaction=True)
def test_a_heartbeat_has_an_age_until_it_is_held_for_dead(client: Client) -> None:
    valkey.valkey().delete(heartbeat.key("watch"))
    heartbeat.beat("beat")
    found = samples(scraped(client))
    assert 0 <= found['callstore_heartbeat_age_seconds{process="beat"}'] < 5
    assert found['callstore_process_up{process="beat"}'] == 1
    assert found['callstore_process_up{process="watch"}'] == 0
    assert 'callstore_heartbeat_age_seconds{process="watch"}' not in found


@pytest.mark.django_db(transaction=True)
def test_what_other_processes_count_comes_with_their_heartbeat_and_waiting_tasks_are_seen(client) -> None:
    valkey.valkey().delete(counts.KEY, "recordings")
    counts.add("watch.events", 7)
    assert samples(scraped(client))["callstore_watch_events_total"] == 0
    heartbeat.beat("watch")
    heartbeat.beat("watch")
    valkey.valkey().lpush("recordings", "a task", "another")
    try:
        found = samples(scraped(client))
    finally:
        valkey.valkey().delete("recordings")
    assert found["callstore_watch_events_total"] == 7
    assert found['callstore_queue_tasks{queue="recordings"}'] == 2


@pytest.mark.django_db(transaction=True)
def test_what_no_relay_takes_up_is_its_lag_and_a_lease_ends_it(client: Client) -> None:
    keep(status(sid(), "completed"))
    assert 0 <= samples(scraped(client))["callstore_relay_lag_seconds"] < 60
    time.sleep(0.05)
    figures.FIGURES.ask_anew()
    assert samples(scraped(client))["callstore_relay_lag_seconds"] > 0
    leases.take(10, lambda: 60)
    figures.FIGURES.ask_anew()
    found = samples(scraped(client))
    assert found["callstore_relay_lag_seconds"] == 0 and found["callstore_projection_waiting"] == 1
