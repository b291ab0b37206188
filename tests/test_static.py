"""Static files are collected wherever they are to lie, and an error needs none of them to be told."""

from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.test import Client

from callstore.management.commands import prepare

HASHED = {"BACKEND": "callstore.assets.storage.HashedStorage"}


@pytest.fixture
def static(settings, tmp_path) -> Path:
    settings.STATIC_ROOT = tmp_path / "elsewhere"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": HASHED}
    return settings.STATIC_ROOT


@pytest.mark.django_db
def test_prepare_collects_wherever_the_files_are_to_lie(static):
    call_command("prepare")
    assert (static / "staticfiles.json").is_file()
    assert list(static.glob("dashboard/base.????????????.css"))


def test_what_is_there_and_current_is_not_collected_again(static, monkeypatch):
    prepare.collect()
    collected = (static / "staticfiles.json").stat().st_mtime_ns
    prepare.collect()
    assert (static / "staticfiles.json").stat().st_mtime_ns == collected
    (static / "dashboard/base.css").write_text("that of another version")
    prepare.collect()
    assert (static / "staticfiles.json").stat().st_mtime_ns > collected
    [hashed] = static.glob("dashboard/theme.????????????.js")
    hashed.unlink()
    prepare.collect()
    assert hashed.is_file()


def test_a_folder_that_cannot_be_written_is_one_sentence(static):
    static.parent.joinpath("elsewhere").write_text("a file")
    with pytest.raises(CommandError, match=r"Static files could not be collected into .*elsewhere: "):
        prepare.collect()


@pytest.mark.filterwarnings("ignore:No directory at")
@pytest.mark.django_db
def test_errors_are_told_without_static_files(static, settings, client):
    settings.DEBUG = False
    assert not static.exists()
    assert client.get("/nowhere").status_code == 404
    assert b"There is nothing here" in client.get("/nowhere").content
    assert client.get("/login/").status_code == 200
    name = client.get("/calls", headers={"host": "evil.example.com"})
    assert name.status_code == 400 and b"makes no sense" in name.content
    forged = Client(enforce_csrf_checks=True).post("/login/", {"username": "x"})
    assert forged.status_code == 403 and b"Please try again" in forged.content


@pytest.mark.filterwarnings("ignore:No directory at")
def test_a_page_that_breaks_says_so_without_static_files(static, client, monkeypatch):
    from dashboard.calls import pages

    monkeypatch.setattr(pages, "asked", None)
    client.raise_request_exception = False
    monkeypatch.setattr("django.contrib.auth.middleware.get_user", lambda request: Reader())
    answer = client.get("/calls")
    assert answer.status_code == 500 and b"Something broke on our side" in answer.content


def test_a_file_that_is_nowhere_is_still_an_error(static):
    with pytest.raises(ValueError, match="nowhere"):
        storages["staticfiles"].url("dashboard/nowhere.css")


class Reader:
    is_authenticated = True
