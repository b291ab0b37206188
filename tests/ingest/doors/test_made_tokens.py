"""Tokens that people make, at the doors of a real web process: taken and refused without asking each time."""

import json

import pytest

from callstore.people import tokens
from tests.served import served
from tests.web.server import eventually

pytestmark = pytest.mark.django_db(transaction=True)
EVENT = {"specversion": "1.0", "source": "/app", "type": "app.log", "subject": "twilio:CA" + "0" * 32}


def delivered(web, text, id):
    body = json.dumps({**EVENT, "id": id, "time": "2026-04-13T00:18:52Z", "data": {"message": "x"}}).encode()
    headers = {"authorization": f"Bearer {text}", "content-type": "application/cloudevents+json"}
    return web.ask("POST", "/hooks/app/", body, headers)[0]


def test_a_token_is_taken_at_its_door_alone_and_both_news_of_it_come_within_ten_seconds(tmp_path):
    with served(tmp_path, CALLSTORE_DATA_DIR=str(tmp_path)) as web:
        made = {scope: tokens.make(scope, scope, "a test") for scope in ("ingest", "advice", "read")}
        eventually(lambda: delivered(web, made["ingest"].text, "1") == 202, 10)
        assert delivered(web, made["advice"].text, "2") == delivered(web, made["read"].text, "3") == 403
        path = f"/api/v1/calls/CA{'1' * 32}/advice"
        asked = {scope: web.ask("GET", path, headers=bearer(each.text))[0] for scope, each in made.items()}
        assert asked == {"ingest": 403, "advice": 200, "read": 200}
        tokens.revoke(made["ingest"].token.pk)
        eventually(lambda: delivered(web, made["ingest"].text, "4") == 403, 10)


def bearer(text):
    return {"authorization": f"Bearer {text}"}
