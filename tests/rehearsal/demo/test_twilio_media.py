"""The demo's stand-in for Twilio's recordings."""

import base64

import pytest
from django.test import Client

from tests.ingest import deliveries as given

PATH = f"/demo/twilio/2010-04-01/Accounts/{given.ACCOUNT}/Recordings/RE{'1' * 32}"


@pytest.fixture(autouse=True)
def _configured(settings, tmp_path):
    given.configured(settings)
    settings.DATA_DIR = tmp_path


def put(token="a-token", body=b"RIFF"):
    return Client(enforce_csrf_checks=True).put(
        f"{PATH}.wav", body, content_type="audio/x-wav", headers={"authorization": f"Bearer {token}"}
    )


def get(path=PATH, user=given.ACCOUNT, password=given.TOKEN):
    credentials = base64.b64encode(f"{user}:{password}".encode()).decode()
    return Client().get(path, headers={"authorization": f"Basic {credentials}"})


@pytest.mark.parametrize("ending", ["", ".wav", ".wav?RequestedChannels=2"])
def test_what_was_put_is_served_as_twilio_would(ending):
    assert put().status_code == 201
    answer = get(PATH + ending)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "audio/x-wav")
    assert b"".join(answer.streaming_content) == b"RIFF"


def test_what_was_not_put_is_not_there_yet():
    assert get().status_code == 404


def test_only_the_account_itself_is_served():
    put()
    assert get(password="wrong").status_code == 401
    assert get(user="AC" + "9" * 32).status_code == 401
    assert Client().get(PATH).status_code == 401
    assert Client().get(PATH, headers={"authorization": "Basic é"}).status_code == 401


def test_only_the_application_may_put():
    assert put(token="wrong").status_code == 403
    assert Client().put(PATH, b"x").status_code == 403
    assert get().status_code == 404


@pytest.mark.parametrize("sid", ["RE1", "../secret", "RE" + "1" * 31 + "%2F"])
def test_no_other_file_can_be_named(sid):
    assert get(PATH.rpartition("/")[0] + "/" + sid).status_code == 404
