"""Settings: every variable is documented, nonsense is refused in one line, what is missing is named."""

import base64
import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core import checks, management
from django.core.management import call_command
from django.db import OperationalError
from psycopg_pool import PoolTimeout

from callstore import settings as ours
from callstore.__main__ import main
from callstore.assets import storage
from callstore.checks import check_settings
from ingest.providers.setting import declared

MANAGE = str(ours.BASE_DIR / "manage.py")
KEY = "a2V5LW9mLXRoZS10ZXN0cy1rZXktb2YtdGhlLXRlc3Q="


def check(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check` with nothing but this set."""
    environment = {"PATH": os.environ["PATH"], "CALLSTORE_DATA_DIR": "/nonexistent", **environment}
    command = [sys.executable, MANAGE, "check", *options]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def variables(text: str) -> set[str]:
    return set(re.findall(r'(?:text|listed|flag|str)\("([A-Z_]+)"', text))


def test_the_example_lists_every_variable_that_the_settings_read() -> None:
    example = (ours.BASE_DIR / ".env.example").read_text()
    listed = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))
    modules = ("settings.py", "checks.py", "base/environment.py", "outbound/traces/setting.py")
    read = set().union(*(variables((ours.BASE_DIR / "callstore" / name).read_text()) for name in modules))
    composed = {"COMPOSE_PROFILES"}  # Compose's own
    providers = {setting.name for setting in declared()}  # documented on the providers' own pages
    assert listed - providers == read | composed


def test_a_command_whose_database_is_away_says_so_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(argv: list[str]) -> None:
        raise OperationalError("couldn't get a connection after 10.00 sec") from PoolTimeout()

    monkeypatch.setattr(management, "execute_from_command_line", away)
    with pytest.raises(SystemExit, match=r"^callstore: the database does not answer: couldn't get"):
        main()


def test_nothing_set_names_what_is_missing() -> None:
    done = check()
    assert done.returncode == 1
    for name in ("SECRET_KEY", "LOG_KEY", "DATABASE_URL", "TWILIO_ACCOUNTS", "INGEST_TOKENS"):
        assert f"{name} is not set" in done.stderr
    assert "Traceback" not in done.stderr


def test_everything_set_has_no_error() -> None:
    done = check(SECRET_KEY="x" * 50, LOG_KEY=KEY, DATABASE_URL="postgresql://u@h/d")
    assert done.returncode == 0, done.stderr


def test_a_command_of_a_demo_warns_of_nothing() -> None:
    done = check(CALLSTORE_DEMO="1", DATABASE_URL="postgresql://u@h/d")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE_URL", "mysql://x", "DATABASE_URL must begin with postgresql://"),
        ("DATABASE_URL", "postgresql://u@h:port/d", "DATABASE_URL has no port that is a number"),
        ("TWILIO_ACCOUNTS", "token-alone", "TWILIO_ACCOUNTS must look like ACsid:token"),
        ("SECRET_KEY_FILE", "/nonexistent", "SECRET_KEY_FILE: No such file"),
        ("LOG_KEY", "short", "LOG_KEY must be 32 bytes"),
        ("LOG_KEY", "é" * 44, "LOG_KEY must be 32 bytes"),
        ("TIME_ZONE", "Mars/Phobos", "TIME_ZONE must be UTC"),
        ("PUBLIC_BASE_URL", "callstore.example.com", "PUBLIC_BASE_URL must begin with http:// or https://"),
        ("PUBLIC_BASE_URL", "ftp://callstore.example.com", "PUBLIC_BASE_URL must begin with http"),
        ("PUBLIC_BASE_URL", "https://", "PUBLIC_BASE_URL must begin with http"),
        ("STATUS_FEEDS", "https://status.openai.com,status.twilio.com", "STATUS_FEEDS must hold addresses"),
        ("STATUS_FEEDS", "file:///etc/passwd", "STATUS_FEEDS must hold addresses"),
        ("PUBLIC_BASE_URL", "https://[half", "PUBLIC_BASE_URL must begin with http"),
    ],
)
def test_a_malformed_setting_is_one_clear_line(name: str, value: str, said: str) -> None:
    done = check(**{name: value})
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("unescaped", ["#", "@["])
@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_REPLICA_URL", "REDIS_URL"])
def test_no_password_is_printed_that_an_unescaped_character_made_a_port(name: str, unescaped: str) -> None:
    scheme = "redis" if name == "REDIS_URL" else "postgresql"
    done = check(**{name: f"{scheme}://u:hunter{unescaped}2-word@h/0"})
    assert (done.returncode, "hunter" in done.stderr + done.stdout) == (1, False)
    assert f"{name} " in done.stderr and "%23" in done.stderr and "Traceback" not in done.stderr


ACCOUNT = "AC" + "0" * 32
LONG = "secret-of-sixteen-bytes-or-more"


def whsec(key: bytes) -> str:
    return f"whsec_{base64.b64encode(key).decode()}"


@pytest.mark.parametrize(
    ("name", "value", "short"),
    [
        ("SECRET_KEY", "hunter2-hunter2", "hunter2"),
        ("API_TOKENS", f"{LONG},hunter2", "hunter2"),
        ("INGEST_TOKENS", "hunter2", "hunter2"),
        ("TWILIO_ACCOUNTS", f"{ACCOUNT}:{LONG},{ACCOUNT}:hunter2", "hunter2"),
        ("OPENAI_WEBHOOK_SECRETS", f"{whsec(b'k' * 16)},{whsec(b'k' * 15)}", whsec(b"k" * 15)),
        ("OPENAI_WEBHOOK_SECRETS", "whsec_", "whsec_"),
        ("OPENAI_WEBHOOK_SECRETS", "whsec_" + "!?*$" * 20, "!?"),
    ],
)
def test_a_secret_that_can_be_guessed_is_refused_and_not_printed(name: str, value: str, short: str) -> None:
    others = {"SECRET_KEY": "x" * 50, "LOG_KEY": KEY, "DATABASE_URL": "postgresql://u@h/d"}
    done = check(**{**others, name: value})
    assert done.returncode == 1
    assert f"{name} holds a secret of less than 16 bytes" in done.stderr
    assert short not in done.stderr and "Traceback" not in done.stderr


def test_a_short_secret_is_only_warned_of_where_this_machine_alone_can_try_it() -> None:
    given = {"LOG_KEY": KEY, "DATABASE_URL": "postgresql://u@h/d", "CALLSTORE_LOOPBACK": "1"}
    chosen = {"SECRET_KEY": "hunter2", "API_TOKENS": "hunter2", "INGEST_TOKENS": "hunter2"}
    done = check(**given, **chosen, TWILIO_ACCOUNTS=f"{ACCOUNT}:hunter2")
    assert done.returncode == 0, done.stderr
    for name in (*chosen, "TWILIO_ACCOUNTS"):
        assert f"(callstore.W007) {name} holds a secret of less than 16 bytes" in done.stderr
    assert "hunter2" not in done.stderr
    assert check(**given, SECRET_KEY="x" * 50, OPENAI_WEBHOOK_SECRETS="whsec_").returncode == 1


def test_secrets_of_sixteen_bytes_are_taken() -> None:
    given = {"TWILIO_ACCOUNTS": f"{ACCOUNT}:{'t' * 16}", "OPENAI_WEBHOOK_SECRETS": whsec(b"k" * 16)}
    given |= {name: "t" * 16 for name in ("SECRET_KEY", "API_TOKENS", "INGEST_TOKENS")}
    done = check(LOG_KEY=KEY, DATABASE_URL="postgresql://u@h/d", **given)
    assert done.returncode == 0, done.stderr


DEPLOYED = {
    "SECRET_KEY": "a-secret-key-of-fifty-characters-and-some-that-are-random-x7",
    "LOG_KEY": KEY,
    "DATABASE_URL": "postgresql://u@h/d",
    "ALLOWED_HOSTS": "calls.example.com",
}


def test_a_deployment_by_https_passes_djangos_check_of_deployments() -> None:
    done = check("--deploy", PUBLIC_BASE_URL="https://calls.example.com", **DEPLOYED)
    assert done.returncode == 0, done.stderr
    assert "security." not in done.stderr


def test_a_deployment_by_http_is_told_what_it_goes_without() -> None:
    done = check("--deploy", PUBLIC_BASE_URL="http://calls.example.com", **DEPLOYED)
    assert {"security.W004", "security.W012", "security.W016"} <= set(
        re.findall(r"security\.W\d+", done.stderr)
    )


def test_reading_gaps_without_a_key_is_named_and_stays_off() -> None:
    done = check(TRANSCRIBE_TAIL="1", SECRET_KEY="x" * 50, LOG_KEY=KEY, DATABASE_URL="postgresql://u@h/d")
    assert done.returncode == 0 and "callstore.W005" in done.stderr


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_a_buckets_region_is_read_and_what_is_empty_is_not_set(name: str) -> None:
    run = "import django; django.setup(); from callstore.media.storage import storage as s; c = s()._client"
    told = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_REGION"), "")
    told |= {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "callstore.settings"}
    told |= {"RECORDING_STORAGE": "s3://bucket/prefix", name: "eu-central-1"}
    command = [sys.executable, "-c", f"{run}; print(c.meta.region_name, c.meta.endpoint_url)"]
    done = subprocess.run(command, cwd=ours.BASE_DIR, env=told, capture_output=True, text=True)
    region, endpoint = done.stdout.split()
    assert region == "eu-central-1" and endpoint.endswith(".amazonaws.com")


def test_the_tests_themselves_have_all_they_need() -> None:
    assert [problem for problem in check_settings(None) if problem.level >= checks.ERROR] == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=said)
    assert said.getvalue() == "No changes detected\n"


@pytest.fixture
def basic_bundle(tmp_path: Path, settings: Any) -> Path:
    bundle = tmp_path / "node_modules/plotly.js-basic-dist-min/plotly-basic.min.js"
    bundle.parent.mkdir(parents=True)
    bundle.write_text("basic")
    settings.BASE_DIR = tmp_path
    return bundle


def test_plotly_is_served_from_the_wheel() -> None:
    found = finders.find("vendor/plotly.min.js")
    assert found and (Path(found).name in ("plotly.min.js", "plotly-basic.min.js"))


def test_npms_smaller_plotly_is_preferred(basic_bundle: Path) -> None:
    assert Path(storage.plotly()).read_text().endswith("basic")


def test_nothing_else_is_served_as_vendored() -> None:
    assert finders.find("vendor/../settings.py") is None
    assert finders.find("vendor/other.js") is None


def test_a_spool_that_cannot_be_written_is_named_where_deliveries_are_taken_and_nothing_is_made(
    tmp_path,
) -> None:
    (tmp_path / "file").write_text("")
    given = {"SECRET_KEY": "x" * 50, "LOG_KEY": KEY, "DATABASE_URL": "postgresql://u@h/d"}
    bad = check("--deploy", **given, SPOOL_DIR=str(tmp_path / "file" / "spool"))
    assert "callstore.W006" in bad.stderr
    assert "cannot be written (Not a directory)" in bad.stderr
    good = check("--deploy", **given, SPOOL_DIR=str(tmp_path / "new" / "spool"))
    assert "callstore.W006" not in good.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("days", ["0", "30", "-90", "a year", "90.5", "9" * 30])
def test_a_retention_that_is_no_number_of_days_or_too_short_is_named(days: str) -> None:
    given = {"SECRET_KEY": "x" * 50, "LOG_KEY": KEY, "DATABASE_URL": "postgresql://u@h/d"}
    assert "callstore.E009" in check(**given, RETENTION_DAYS=days).stderr


@pytest.mark.parametrize("days", ["0", "-90", "a year", "90.5", "9" * 30])
def test_a_time_for_recordings_that_is_no_number_of_days_is_named(days: str) -> None:
    given = {"SECRET_KEY": "x" * 50, "LOG_KEY": KEY, "DATABASE_URL": "postgresql://u@h/d"}
    assert "callstore.E012" in check(**given, RECORDING_RETENTION_DAYS=days).stderr


@pytest.mark.parametrize("limit", ["0", "-5", "lots", "1.5"])
def test_a_limit_of_the_spool_that_is_none_is_named(limit: str) -> None:
    given = {"SECRET_KEY": "x" * 50, "LOG_KEY": KEY, "DATABASE_URL": "postgresql://u@h/d"}
    assert "callstore.E008" in check(**given, SPOOL_LIMIT_MB=limit).stderr
