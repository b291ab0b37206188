"""Each part of ingest health with something in it: what is told, and where it leads."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from html import unescape
from time import time
from uuid import uuid4

import pytest

from callstore.base import heartbeat, valkey
from callstore.doctor import recently
from callstore.eventlog.db.statement import run
from callstore.eventlog.writing.append import append
from callstore.projection import projector, queries
from callstore.rehearsal.scenarios.scenario import drafts, load
from callstore.rehearsal.scenarios.sending import moved_to_now
from callstore.verdict.truncation import RULES_VERSION
from ingest.doors import rejections
from ingest.doors.receive import receive
from ingest.models import Feed, Watch
from ingest.providers.provider import Refused
from ingest.spool.spool import spool
from tests.dashboard.calls.listed import opened
from tests.dashboard.health.test_pages import text
from tests.ingest import deliveries as given
from tests.projection.facts import traces_of

pytestmark = pytest.mark.django_db
BEHIND = """
UPDATE log.head SET since = now() - interval '40 s', lease = now() - interval '10 s', version = done + 1
RETURNING 1"""


@pytest.fixture(autouse=True)
def doors(settings):
    given.configured(settings)
    settings.STATUS_FEEDS = []


def source(reader, name):
    """The row of a source as HTML."""
    page = reader.get("/ingest").content.decode()
    return re.search(rf'<li id="source-{name}".*?</figure>', page, re.DOTALL)[0]


def told(row):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", row)))


def test_what_was_refused_stands_with_its_reason_its_likeness_its_times_and_what_mends_it(reader):
    began = time() - 7200
    for at in (began, began + 3600):
        rejections.note("twilio", Refused("wrong signature", looks_like="scheme"), at)
    rejections.flush()
    row = told(source(reader, "twilio_callbacks"))
    first, last = (datetime.fromtimestamp(at, UTC).strftime("%H:%M") for at in (began, began + 3600))
    assert "2 × wrong signature looks like another scheme" in row and "PUBLIC_BASE_URL" in row
    assert re.search(rf"since \d+ \w+ {first}, last \d+ \w+ {last}", row)
    assert "wrong signature" not in told(source(reader, "twilio_recordings"))


def test_a_number_of_events_leads_to_the_calls_that_they_tell_of(reader):
    delivery = given.signed(given.progress(Timestamp=formatdate()))
    assert receive(replace(delivery, received_at=time())).status == 204
    leg = dict(delivery.form)["CallSid"]
    projector.project(traces_of([f"twilio:{leg}"]))
    row = source(reader, "twilio_callbacks")
    link = unescape(re.search(r'<a href="(/calls\?[^"]*)">1<', row)[1])
    assert opened(reader.get(link).content.decode()) == [queries.find(leg)["call_id"]]
    assert "/calls?" not in source(reader, "openai_webhook")  # nothing came
    assert re.search(r"Arrives within .*p95 .*p99 ", told(row))


def test_what_waits_for_the_projection_says_how_long_and_which_of_it_for_the_relay(reader):
    assert (
        f"Up to date Every call shows all that is known of it. Judged by rules version {RULES_VERSION}."
        in text(reader.get("/ingest"))
    )
    append(drafts(load("founding_call")))
    run(BEHIND, [])
    page = text(reader.get("/ingest"))
    assert re.search(r"The longest for 4\d\.\d s, and until the relay takes one up 10\.0 s\.", page)
    assert "That is long: do relay and worker run?" in page


def test_a_process_runs_or_is_silent_and_says_what_waits_for_it(reader):
    names = ("relay", "worker")
    try:
        for name in names:
            heartbeat.beat(name)
        valkey.valkey().rpush("recordings", "one", "two")
        page = text(reader.get("/ingest"))
    finally:
        valkey.valkey().delete("recordings", *map(heartbeat.key, names))
    assert "runs relay" in page and "runs worker" in page
    assert re.search(r"silent for 12 s fetcher [^;]*; 2 tasks wait", page)


def test_what_waits_in_the_spool_is_counted_with_its_age_and_its_files_that_stay(reader):
    spool().put([replace(given.signed(given.progress()), received_at=time()) for _ in range(2)])
    spool().set_aside(given.signed(given.progress()), ".aside")
    page = text(reader.get("/ingest"))
    assert re.search(r"2 waiting [\d.,]+\s\w+, the oldest for \d\.\d\d s: verified deliveries", page)
    assert "Files left: 1 set aside" in page


def test_observers_and_sessions_that_nobody_watches_are_told_apart(reader):
    now, holder = datetime.now(UTC), uuid4()
    for subject, by in (("openai:rtc_1", holder), ("openai:rtc_2", holder), ("openai:rtc_3", None)):
        Watch.objects.create(subject=subject, offered_at=now, holder=by, until=now + timedelta(seconds=5))
    page = text(reader.get("/ingest"))
    assert f"2 sessions watched by {str(holder)[:8]}, lease until" in page
    assert "1 session nobody watches; offered" in page


def test_a_status_page_that_fails_says_with_what(reader, settings):
    settings.STATUS_FEEDS = ["https://a.example/history.atom", "https://b.example/api/v2/incidents.json"]
    now = datetime.now(UTC)
    for url, error in zip(settings.STATUS_FEEDS, ("", "answered 500"), strict=True):
        Feed.objects.create(url=url, checked_at=now, ok_at=now, failed_at=now if error else None, error=error)
    page = text(reader.get("/ingest"))
    assert "a.example/history.atom ok" in page
    assert re.search(r"b.example/api/v2/incidents.json fails answered 500 \(since 20", page)


@pytest.mark.parametrize(
    ("days", "said"), [(None, "Kept for ever: RETENTION_DAYS is not set."), (90, "Kept for 90 days.")]
)
def test_the_size_of_the_database_stands_with_for_how_long_calls_are_kept(reader, settings, days, said):
    settings.RETENTION_DAYS = days
    assert re.search(
        rf"Storage [\d.]+\s[MG]B in the database, since \d+ \w+ \d{{4}}\. {said}", text(reader.get("/ingest"))
    )


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (None, "All that were asked for could be kept. Kept as long as their calls."),
        (1, "could be kept. Their sound is kept for 1 day after the call began and it was first heard."),
        (30, "could be kept. Their sound is kept for 30 days after the call began and it was first heard."),
    ],
)
def test_beside_the_recordings_stands_for_how_long_their_sound_is_kept(reader, settings, days, said):
    settings.RECORDING_RETENTION_DAYS = days
    assert said in text(reader.get("/ingest"))


def test_a_fault_that_the_doctor_finds_stands_with_its_text_to_paste_and_the_event_that_proves_it(reader):
    recently.forget()
    call = drafts(moved_to_now(load("founding_call"), None))
    append(call)
    projector.project(traces_of(draft.subject for draft in call))
    page = reader.get("/ingest?doctor").content.decode()
    recently.forget()
    found = page.partition('id="doctor"')[2]
    assert "A header on the &lt;Sip&gt; URI is dropped" in found and "?X-Parent-CallSid=" in found
    assert ">fault<" in found and ">missing<" in found
    event = re.search(r'Seen in <a href="(/calls/[^"]+/events/\d+)"', found)[1]
    assert reader.get(event).status_code == 200
