"""Settings are read from the environment, from files, and from a running `up`; nothing is written there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from callstore.base.environment import Environment, settings_of_up
from tests.places import ROOT

OF_UP, OF_ADMIN = "postgresql://callstore@h/d", "postgresql://postgres@h/d"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a running `up`, and an environment that names no database."""
    for name in ("DATABASE_URL", "DATABASE_URL_FILE"):
        monkeypatch.delenv(name, raising=False)
    given = {"DATABASE_URL": OF_UP, "X": "of up"}
    connection = {"database_url": OF_UP, "admin_database_url": OF_ADMIN, "environment": given}
    (tmp_path / "connection.json").write_text(json.dumps(connection))
    return tmp_path


def test_a_secret_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("of the file\n")
    monkeypatch.setenv("X_FILE", str(tmp_path / "secret"))
    assert Environment().str("X") == "of the file"


def test_the_environment_wins_over_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "1")
    monkeypatch.setenv("X_FILE", "/nonexistent")
    assert Environment().str("X") == "1"


@pytest.mark.parametrize("text", ["${HOME}", "{{HOME}}", "a$b", " a "])
def test_a_value_is_taken_as_it_stands(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", text)
    assert Environment().str("X") == text


@pytest.mark.parametrize(
    ("path", "why"), [("/nonexistent", "No such file or directory: /nonexistent"), ("/", "Is a directory: /")]
)
def test_a_file_that_is_none_is_named(path: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X_FILE", path)
    with pytest.raises(ImproperlyConfigured, match=f"^X_FILE: {why}$"):
        Environment().str("X", "")


def test_a_file_that_is_no_text_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_bytes(b"\xff")
    monkeypatch.setenv("X_FILE", str(tmp_path / "secret"))
    with pytest.raises(ImproperlyConfigured, match=r"^X_FILE: .*can't decode"):
        Environment().str("X", "")


def test_a_flag_is_on_at_1_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    on = {}
    for text in ("1", "", "0", "true", "yes"):
        monkeypatch.setenv("X", text)
        on[text] = Environment().flag("X")
    monkeypatch.delenv("X")
    assert [text for text in on if on[text]] == ["1"] and not Environment().flag("X")


def test_what_is_not_set_is_as_up_gave_it(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Environment(settings_of_up(data)).str("X") == "of up"
    monkeypatch.setenv("X", "")
    assert Environment(settings_of_up(data)).str("X") == ""


def test_a_file_that_up_gave_is_read(tmp_path: Path) -> None:
    (tmp_path / "log_key").write_text("of up\n")
    assert Environment({"X_FILE": str(tmp_path / "log_key")}).str("X") == "of up"


@pytest.mark.parametrize("url", [OF_UP, OF_ADMIN])
def test_the_database_of_up_under_either_role_is_its_instance(
    url: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert settings_of_up(data)["X"] == "of up"


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_URL_FILE"])
def test_another_database_is_another_instance(name: str, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "postgresql://elsewhere/d")
    assert settings_of_up(data) == {}


def test_without_a_running_up_it_gave_nothing(tmp_path: Path) -> None:
    assert settings_of_up(tmp_path) == {}


@pytest.mark.parametrize("demo", ["", "1"])
def test_reading_the_settings_changes_no_environment(demo: str) -> None:
    code = "import os; before = dict(os.environ); import callstore.settings; assert os.environ == before"
    given = {"PATH": os.environ["PATH"], "CALLSTORE_DATA_DIR": "/nonexistent", "CALLSTORE_DEMO": demo}
    done = subprocess.run([sys.executable, "-c", code], env=given, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
