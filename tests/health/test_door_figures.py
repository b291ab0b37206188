"""Every reason for which a door believes nobody is a figure of that door."""

import ast
import time
from dataclasses import replace

import pytest
from django.test import Client

from ingest.providers.delivery import Delivery
from ingest.providers.provider import discovered
from ingest.providers.twilio.signature import SETTINGS_HEADER
from tests.health.test_metrics import samples, scraped
from tests.ingest import deliveries as given
from tests.ingest.client import Client as Doors
from tests.places import ROOT

STRANGER = "AC" + "9" * 32


def resigned(delivery: Delivery, **headers: str) -> Delivery:
    """Signed now, with other headers."""
    signed = given.signed(replace(delivery, received_at=time.time()))
    return replace(signed, headers={**signed.headers, **headers})


def refused() -> dict[tuple[str, str], Delivery]:
    """A delivery for each reason, by door and reason."""
    callback, webhook, batch = given.progress(), given.webhook(), given.cloud()
    return {
        ("twilio", "no signature"): callback,
        ("twilio", "PUBLIC_BASE_URL is not set"): resigned(callback),
        ("twilio", "unknown algorithm"): resigned(callback, **{SETTINGS_HEADER: "algorithm=MD5"}),
        ("twilio", "wrong signature"): resigned(callback, **{"x-twilio-signature": "x" * 28}),
        ("twilio", "too large a form"): resigned(given.progress(Body="あ" * 10_001)),
        ("twilio", "unknown account"): resigned(callback),
        ("twilio", "wrong body digest"): given.changed_body(resigned(given.stream({}))),
        ("openai", "no signature"): webhook,
        ("openai", "wrong timestamp"): resigned(webhook, **{"webhook-timestamp": "noon"}),
        ("openai", "timestamp out of tolerance"): resigned(webhook, **{"webhook-timestamp": "1700000000"}),
        ("openai", "wrong signature"): resigned(webhook, **{"webhook-signature": "v1,eA=="}),
        ("app", "no token"): batch,
        ("app", "wrong token"): resigned(batch, authorization="Bearer of-nobody"),
    }


def test_there_is_a_delivery_for_every_reason_that_the_code_has() -> None:
    reasons = {
        (path.parent.name, node.args[0].value)
        for path in (ROOT / "ingest" / "providers").glob("*/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "Refused"
        and isinstance(node.args[0], ast.Constant)
    }
    assert reasons == refused().keys()


@pytest.mark.parametrize(("door", "reason"), refused())
def test_every_reason_has_what_is_mostly_its_cause_and_its_row_among_the_symptoms(
    door: str, reason: str
) -> None:
    assert discovered()[door].remedies[reason]
    assert f"`{reason}`" in (ROOT / "docs" / "troubleshooting.md").read_text()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("door", "reason"), refused())
def test_a_refusal_is_counted_at_its_door_by_its_reason(
    client: Client, settings, door: str, reason: str
) -> None:
    given.configured(settings)
    delivery = refused()[door, reason]
    if reason == "PUBLIC_BASE_URL is not set":
        settings.PUBLIC_BASE_URL = ""
    if reason == "unknown account":
        settings.TWILIO_ACCOUNTS = {STRANGER: ["another-token"]}
    before = samples(scraped(client))
    headers = {name: value for name, value in delivery.headers.items() if name != "content-type"}
    answer = Doors().post(
        delivery.path, data=delivery.body, content_type=delivery.headers["content-type"], headers=headers
    )
    assert (answer.status_code, answer.content) == (403, b"")
    now = samples(scraped(client))
    more = {name: n - before.get(name, 0) for name, n in now.items() if "_total" in name}
    assert {
        name: n for name, n in more.items() if n and name.startswith(("callstore_ref", "callstore_del"))
    } == {
        f'callstore_refusals_total{{door="{door}",reason="{reason}"}}': 1,
        f'callstore_deliveries_total{{door="{door}",result="refused"}}': 1,
    }
