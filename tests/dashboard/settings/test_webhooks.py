"""Admins make, pause and delete endpoints, and send dead letters again; every act is audited."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client

from callstore.outbound import endpoints
from callstore.outbound.models import Delivery, Endpoint
from callstore.people import accounts
from callstore.people.models import Audit
from callstore.settlement.events import TYPES
from callstore.settlement.models import VerdictEvent

pytestmark = pytest.mark.django_db
URL = "https://receiver.example.com/verdicts"


@pytest.fixture
def admin():
    client = Client()
    client.force_login(accounts.make("ada", "admin", "a-long-secret-of-hers"))
    return client


def with_a_dead_letter() -> Delivery:
    """An endpoint that did not take an event for a day."""
    to, now = endpoints.create(URL, list(TYPES), "ada"), datetime.now(UTC)
    event = VerdictEvent.objects.create(
        call_id=uuid4(), sequence=1, type=TYPES[0], data={}, made_at=now, spread_at=now
    )
    why = "the webhook answered 500"
    return Delivery.objects.create(
        endpoint=to, event=event, call_id=event.call_id, made_at=now, attempts=24, error=why
    )


def test_an_endpoint_is_made_and_its_secret_shown_and_each_act_is_audited(admin):
    answer = admin.post("/settings/webhooks", {"url": URL, "types": ["verdict.changed"]})
    made = Endpoint.objects.get()
    assert endpoints.secret(made) in answer.content.decode() and made.types == ["verdict.changed"]
    assert endpoints.secret(made) not in admin.get("/settings/webhooks").content.decode()
    for do in ("pause", "resume", "secret", "delete"):
        assert admin.post(f"/settings/webhooks/{made.pk}", {"do": do}).status_code == 200
    assert not Endpoint.objects.exists()
    told = Audit.objects.filter(action="webhook_changed").order_by("id")
    assert [each.what["change"] for each in told] == ["made", "pause", "resume", "secret", "delete"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://169.254.169.254/", "types": TYPES},
        {"url": "mailto:a@example.com", "types": TYPES},
        {"url": URL},
        {"url": URL, "types": ["nonsense"]},
        {},
    ],
)
def test_what_cannot_be_an_endpoint_is_said_beside_the_form_with_what_was_typed(admin, wrong):
    answer = admin.post("/settings/webhooks", wrong)
    assert answer.status_code == 422 and b'role="alert"' in answer.content
    assert f'value="{wrong.get("url", "")}"' in answer.content.decode()
    assert not Endpoint.objects.exists()


def test_a_dead_letter_is_shown_with_its_answer_and_sent_again(admin):
    letter = with_a_dead_letter()
    page = admin.get("/settings/webhooks").content.decode()
    assert "answered 500" in page and re.search(rf'name="letter" value="{letter.pk}"', page)
    act = f"/settings/webhooks/{letter.endpoint_id}"
    assert b"1 of endpoint" in admin.post(act, {"do": "replay", "letter": str(letter.pk)}).content
    letter.refresh_from_db()
    assert letter.next_at is not None and letter.attempts == 0
    assert admin.post(act, {"do": "nonsense"}).status_code == 404
    assert admin.post("/settings/webhooks/999999", {"do": "pause"}).status_code == 404


def test_nobody_but_an_admin_sees_or_changes_endpoints():
    analyst = Client()
    analyst.force_login(accounts.make("olga", "analyst", "a-long-secret-of-hers"))
    assert analyst.get("/settings/webhooks").status_code == 403
    assert analyst.post("/settings/webhooks", {"url": URL, "types": TYPES}).status_code == 403
    assert not Endpoint.objects.exists()
