"""What fails without a word to anybody has a figure: deliveries set aside, months, recordings."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from callstore.eventlog.retention import retire
from callstore.health import endpoints, figures
from callstore.health.figures import Figure, Figures, Group
from ingest.recordings import trouble
from ingest.spool import spool as spools
from tests.eventlog.conftest import empty_log  # noqa: F401
from tests.eventlog.old_months import legs, old_log, retire_months  # noqa: F401
from tests.eventlog.tampering import sql
from tests.health.test_metrics import asked_anew, samples, scraped  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_delivery_that_was_set_aside_is_told_although_it_no_longer_waits(
    client: Client, settings, tmp_path
):
    settings.SPOOL_DIR = str(tmp_path)
    spools.forget()
    for name in ("a.aside", "b.shut", "c.shut", "d.damaged"):
        (tmp_path / name).touch()
    found = samples(scraped(client))
    assert found["callstore_spool_records"] == 0
    assert {
        state: found[f'callstore_spool_files{{state="{state}"}}']
        for state in ("set_aside", "no_key_opens", "damaged")
    } == {"set_aside": 1, "no_key_opens": 2, "damaged": 1}


def test_a_storage_that_takes_no_recording_is_told_until_it_takes_one(client: Client):
    trouble.met("disk full")
    try:
        assert samples(scraped(client))["callstore_recordings_kept"] == 0
    finally:
        trouble.over()
    assert samples(scraped(client))["callstore_recordings_kept"] == 1


def test_a_month_that_nobody_made_is_told(client: Client):
    endpoints.month_alarms.cache_clear()
    assert samples(scraped(client))["callstore_month_faults"] == 0
    [(name,)] = sql("SELECT to_char(now() + interval '2 months', '\"log.event_\"YYYY_MM')")
    sql(f"DROP TABLE {name}")
    try:
        endpoints.month_alarms.cache_clear()
        figures.FIGURES.ask_anew()
        assert samples(scraped(client))["callstore_month_faults"] == 1
    finally:
        sql("SELECT log.ensure_month((now() + interval '2 months')::date)")
        endpoints.month_alarms.cache_clear()


@pytest.mark.usefixtures("legs")
def test_months_that_retention_should_have_taken_are_counted_until_they_go(client: Client, settings):
    assert "callstore_months_overdue" not in samples(scraped(client))
    since_march = (datetime.now(UTC) - datetime(2025, 3, 1, tzinfo=UTC)).days
    for days, overdue in ((since_march - retire.GRACE_DAYS, 2), (since_march - retire.GRACE_DAYS + 1, 1)):
        settings.RETENTION_DAYS = days
        figures.FIGURES.ask_anew()
        assert samples(scraped(client))["callstore_months_overdue"] == overdue
    retire_months()
    figures.FIGURES.ask_anew()
    assert samples(scraped(client))["callstore_months_overdue"] == 0


@pytest.mark.usefixtures("empty_log")
def test_a_log_that_was_never_sealed_has_an_age_too(client: Client):
    assert 0 < samples(scraped(client))["callstore_seal_age_seconds"] < 3600


def test_a_figure_that_could_never_be_told_makes_all_of_them_old(monkeypatch: pytest.MonkeyPatch):
    def broken() -> list[figures.Samples]:
        raise ValueError

    clock = [100.0]
    monkeypatch.setattr(figures, "monotonic", lambda: clock[0])
    monkeypatch.setattr(figures, "STORED", [Group((Figure("callstore_broken", "Never known."),), broken)])
    asking = Figures()
    clock[0] += 300
    [age] = [
        sample.value
        for family in asking.collect()
        for sample in family.samples
        if sample.name == figures.AGE.name
    ]
    assert age == 300


def test_a_nightly_file_that_was_never_written_has_an_age_too(client: Client, settings, tmp_path):
    from callstore.outbound import nightly
    from tests.outbound.test_nightly import settled

    now = datetime.now(UTC)
    settings.RECORDING_STORAGE = str(tmp_path)
    assert "callstore_nightly_age_seconds" not in samples(scraped(client))
    settled(now - timedelta(days=3))
    figures.FIGURES.ask_anew()
    found = samples(scraped(client))["callstore_nightly_age_seconds"]
    assert timedelta(days=3) <= timedelta(seconds=found) < timedelta(days=4)
    nightly.write(now.date() - timedelta(days=1), now)
    figures.FIGURES.ask_anew()
    assert samples(scraped(client))["callstore_nightly_age_seconds"] < timedelta(days=1).total_seconds()
