"""`doctor --smoke` against a real web process behind a real proxy: what operators met does not stay unsaid.

Each trouble is made as it was met, and answered with exit code 1 and one sentence.
"""

import base64
import json
import shutil
import subprocess
import time
from io import StringIO

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from callstore.base import heartbeat, valkey
from callstore.domain.facts.events import SmokeTested
from callstore.eventlog.crypto import key_check, keys
from callstore.eventlog.reading import read
from callstore.eventlog.writing import homes
from callstore.eventlog.writing.append import append
from callstore.management.commands import prepare
from callstore.projection import queries
from callstore.smoke import inside, smoke
from ingest.doors import rejections
from ingest.models import Rejection
from ingest.providers.provider import Refused
from ingest.recordings import trouble
from ingest.sources import trial
from tests.eventlog.drafts import draft
from tests.eventlog.drafts import leg as fresh_leg
from tests.ingest import deliveries as given
from tests.served import INGEST_TOKEN, free_port, served
from tests.smoke.reverse_proxy import Proxy, proxying

# The log is not emptied between these tests: the web process remembers where its subjects live.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("well")]
HASHED = {"BACKEND": "callstore.assets.storage.HashedStorage"}
WRONG = base64.b64encode(b"w" * 32).decode()


@pytest.fixture(scope="module")
def static(tmp_path_factory):
    """Collected static files."""
    from django.conf import settings
    from django.test import override_settings

    root = tmp_path_factory.mktemp("static")
    storages = {**settings.STORAGES, "staticfiles": HASHED}
    with override_settings(STATIC_ROOT=root, STORAGES=storages):
        prepare.collect()
    return root


@pytest.fixture(scope="module")
def proxy(django_db_setup, django_db_blocker, tmp_path_factory, static):
    """The proxy before a web process that is as it should be."""
    port = free_port()
    made = {"PUBLIC_BASE_URL": f"http://127.0.0.1:{port}", "CALLSTORE_STATIC_ROOT": str(static)}
    folder = tmp_path_factory.mktemp("web")
    with django_db_blocker.unblock(), served(folder, **made) as web, proxying(port) as running:
        running.upstream = web.port
        yield running


@pytest.fixture
def through(proxy, settings):
    """The same proxy for one test, which may change what it does."""
    before = Proxy(proxy.port)
    given.configured(settings)
    settings.INGEST_TOKENS = [INGEST_TOKEN]
    settings.PUBLIC_BASE_URL = proxy.url
    yield proxy
    for name in ("path", "dropped", "limit", "late_s", "redirect"):
        setattr(proxy, name, getattr(before, name))


@pytest.fixture
def well(transactional_db):
    """Everybody is alive, and nothing was refused."""
    for name in inside.PROCESSES:
        heartbeat.beat(name)
    trouble.over()
    key_check.forget()
    Rejection.objects.all().delete()
    yield
    valkey.valkey().delete(*map(heartbeat.key, inside.PROCESSES))
    trouble.over()


def said():
    """What the command says, and its exit code."""
    out, code = StringIO(), 0
    try:
        call_command("doctor", smoke=True, stdout=out)
    except SystemExit as ended:
        code = ended.code
    return out.getvalue(), code


def one():
    """The one fault that there is, with an exit code of 1."""
    for name in inside.PROCESSES:
        if not valkey.valkey().exists(heartbeat.key(name)) and name != "beat":
            heartbeat.beat(name)  # the tests take longer than a heart may rest
    fault, *others = smoke.smoke()
    assert not others, others
    text, code = said()
    assert code == 1 and fault.says in text
    assert fault.says.count(". ") == 0 and fault.says.endswith(".") and fault.paste
    return fault


def heads():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM log.head")
        return cursor.fetchone()


def test_where_all_is_well_it_says_so_and_leaves_nothing_that_counts_as_a_call(through):
    before = heads()
    text, code = said()
    assert (text, code) == ("Nothing is wrong: every door took what was delivered to it.\n", 0)
    facts = [read.records(read.homes([f"smoke:{door}"])) for door in ("twilio", "openai", "app")]
    assert all(of_door and {type(fact.event) for fact in of_door} == {SmokeTested} for of_door in facts)
    assert all(read.raw(fact.position) == b"" for of_door in facts for fact in of_door)
    assert heads() == before  # traces of calls
    assert queries.count() == 0 and Rejection.objects.count() == 0
    assert through.asked[0].startswith("/hooks/")


def test_f1_a_log_key_that_is_well_formed_and_another_one(through, settings):
    append([draft(fresh_leg())])
    settings.LOG_KEYS = [WRONG]
    homes._homes.clear()
    keys.unwrap.cache_clear()
    key_check.forget()
    fault = one()
    key_check.forget()
    keys.unwrap.cache_clear()
    assert fault.key == "log_key" and "does not open this log" in fault.says


def test_f1_in_the_web_process_alone(through, settings, tmp_path, static):
    append([draft(fresh_leg())])
    made = {"PUBLIC_BASE_URL": through.url, "CALLSTORE_STATIC_ROOT": str(static), "LOG_KEY": WRONG}
    right = through.upstream
    with served(tmp_path, **made) as web:
        through.upstream = web.port
        try:
            fault = one()
        finally:
            through.upstream = right
    assert "log_key does not open this log" in fault.says and "503" in fault.says


def test_f2_grants_that_were_skipped(through):
    there = connection.get_connection_params() | {"autocommit": True}
    with psycopg.connect(**there) as own:
        own.execute("REVOKE ALL ON ALL TABLES IN SCHEMA log FROM PUBLIC; DROP ROLE IF EXISTS bare_role")
        own.execute("CREATE ROLE bare_role")
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE bare_role")
        try:
            fault = one()
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP ROLE bare_role")
    assert fault.key == "grants" and "INSERT on log.event" in fault.says and "prepare" in fault.paste


def test_f3_static_files_that_nobody_collected(through, tmp_path):
    made = {"PUBLIC_BASE_URL": through.url, "CALLSTORE_STATIC_ROOT": str(tmp_path / "none")}
    right = through.upstream
    with served(tmp_path, **made) as web:
        through.upstream = web.port
        try:
            fault = one()
        finally:
            through.upstream = right
    assert fault.key in ("login", "static") and "prepare" in fault.paste


def test_f7_beat_is_dead(through):
    valkey.valkey().delete(heartbeat.key("beat"))
    fault = one()
    assert fault.key == "beat" and "beat has been silent" in fault.says


def test_f8_the_disk_of_recordings_is_full(through):
    trouble.met("disk full")
    assert one().says == "Recordings cannot be kept: disk full."


def test_f8_or_nearly_so(through, settings, tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small filesystem, where it may mount at all")
    settings.RECORDING_STORAGE = str(folder / "recordings")
    try:
        fault = one()
    finally:
        subprocess.run(["umount", str(folder)], check=True)
    assert fault.key == "disk" and f"{folder} has 1 MB left" in fault.says


@pytest.mark.parametrize(
    ("door", "reason"),
    [
        ("twilio", "wrong signature"),
        ("twilio", "unknown account"),
        ("openai", "wrong signature"),
        ("openai", "timestamp out of tolerance"),
        ("app", "wrong token"),
    ],
)
def test_f9_deliveries_are_refused(through, door, reason):
    rejections.note(door, Refused(reason), time.time())
    rejections.flush()
    fault = one()
    assert fault.key == "refused" and f"1 today at /hooks/{door}/: {reason}" in fault.says


def test_f9_what_strangers_send_is_no_fault_of_the_set_up(through):
    for door, reason in (("twilio", "no signature"), ("app", "no token")):
        rejections.note(door, Refused(reason), time.time())
    rejections.flush()
    assert said()[1] == 0


def without_count():
    """The fault; what is refused meanwhile is counted, which is no second sentence of the first try."""
    fault = next(iter(smoke.smoke()))
    Rejection.objects.all().delete()
    text, code = said()
    assert code == 1 and fault.says in text
    return fault


@pytest.mark.parametrize(
    "rewritten",
    [
        lambda path: path.replace("/hooks/twilio", "/hooks/twilio/v1"),
        lambda path: path.partition("?")[0],
        lambda path: path.replace("/smoke/test", "/smoke/test/"),
        lambda path: path.lower().replace("menu=main", "menu=other"),
    ],
    ids=["a folder more", "the query dropped", "a slash more", "the query changed"],
)
def test_a_proxy_that_rewrites_what_was_signed(through, rewritten):
    through.path = rewritten
    fault = without_count()
    assert "The door of twilio" in fault.says and "answered 403" in fault.says
    assert "path" in fault.says and "proxy_pass" in fault.paste


def test_the_button_of_ingest_health_finds_it_too_where_a_token_alone_would_not(through):
    own, ways = f"http://127.0.0.1:{through.upstream}", ("As senders reach it", "As openai signs")
    assert {way.status for way in trial.send(own).ways} == {202, 204}
    through.path = lambda path: path.partition("?")[0]
    sent = trial.send(own)
    assert sent.position is not None
    told = {way.name: way for way in sent.ways}
    assert [told[way].status for way in ("Our own door", *ways)] == [202, 202, 204]
    twilio = told["As twilio signs"]
    assert twilio.status == 403 and twilio.url.startswith(through.url) and "is changed" in twilio.error


def test_a_proxy_that_takes_the_doors_elsewhere(through):
    through.path = lambda path: path.replace("/hooks/", "/callstore/hooks/")
    fault = one()
    assert "The doors of app, openai, twilio" in fault.says and "answered 40" in fault.says


def test_a_proxy_that_drops_a_header(through):
    through.dropped = {"x-twilio-signature"}
    assert "The door of twilio" in one().says


def test_a_proxy_that_takes_no_large_body(through):
    through.limit = 1024 * 1024
    fault = one()
    assert "The door of app" in fault.says and fault.paste == "client_max_body_size 2m;"


def test_a_proxy_that_redirects(through):
    through.redirect = "https://elsewhere.example"
    fault = next(iter(smoke.smoke()))
    assert "a redirect loses the form" in fault.says and said()[1] == 1


def test_a_clock_that_is_ten_minutes_off(through):
    through.late_s = 600
    [fault] = list(smoke.smoke())
    assert fault.key == "clock" and " s behind that of this host." in fault.says
    assert said()[1] == 1


def test_nobody_answers(through, settings):
    settings.PUBLIC_BASE_URL = f"http://127.0.0.1:{free_port()}"
    fault = one()
    assert fault.key == "unreachable" and settings.PUBLIC_BASE_URL in fault.says


def test_an_address_that_is_another_instances(through, monkeypatch):
    monkeypatch.setattr("callstore.smoke.outside.read.homes", lambda subjects: [])
    assert one().key == "elsewhere"


def test_a_certificate_that_nobody_believes(through, settings, tmp_path):
    if not shutil.which("openssl"):
        pytest.skip("no openssl here")
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    make = f"openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=x -out {certificate} -keyout {key}"
    subprocess.run(make.split(), check=True, capture_output=True)
    with proxying(free_port(), (str(certificate), str(key))) as running:
        running.upstream = through.upstream
        settings.PUBLIC_BASE_URL = running.url
        fault = next(iter(smoke.smoke()))
    assert fault.key == "tls" and "Twilio and OpenAI will not deliver" in fault.says


def test_a_door_without_a_secret_is_shut_and_all_of_them_a_fault(through, settings):
    settings.INGEST_TOKENS = []
    assert said()[1] == 0
    settings.TWILIO_ACCOUNTS, settings.OPENAI_WEBHOOK_SECRETS = {}, []
    assert "No door has a secret" in one().says


def test_without_an_address_nothing_is_asked(through, settings):
    settings.PUBLIC_BASE_URL = ""
    assert one().says == "PUBLIC_BASE_URL is not set."


def test_a_database_that_is_away_is_a_sentence(through, monkeypatch):
    from django.db import OperationalError

    def away():
        raise OperationalError("connection refused\nmore of it")

    monkeypatch.setattr(inside.grants, "lacking", away)
    assert one().says == "The database does not answer as it should: connection refused."


def test_for_machines_it_has_the_shape_of_findings(through):
    valkey.valkey().delete(heartbeat.key("beat"))
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", smoke=True, json=True, stdout=out)
    report = json.loads(out.getvalue())
    [finding] = report["findings"]
    assert (finding["key"], finding["severity"], finding["events"]) == ("smoke_beat", "fault", [])
    assert report["looked_at"]["public_base_url"] == through.url
