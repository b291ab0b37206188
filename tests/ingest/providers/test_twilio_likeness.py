"""A signature that our address does not explain: whether another one does, and that it stays refused."""

from dataclasses import replace

import pytest

from ingest.doors import receive, rejections
from ingest.models import Rejection
from ingest.providers.provider import Refused
from ingest.providers.twilio import signature
from tests.ingest import deliveries as given

FIVE = "menu=main&route=ai&attempt=1&lang=ja&zone=a"
ARRIVED = "&".join(sorted(FIVE.split("&")))  # Twilio sorts what it asks for


@pytest.fixture(autouse=True)
def _configured(settings):
    given.configured(settings)


def asked(signed_for, path="/hooks/twilio/status", **headers):
    """A callback that Twilio signed for an address, as it reached us."""
    base, _, signed_path = signed_for.partition("/hooks")
    signed = given.signed(given.progress(), base=base)
    signed = given.signed(replace(signed, path=f"/hooks{signed_path}"), base=base)
    heads = {"host": "calls.example.com"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(signed, path=path, headers={**signed.headers, **heads})


@pytest.mark.parametrize(
    ("word", "signed_for", "path", "headers"),
    [
        ("scheme", "http://calls.example.com/hooks/twilio/status", "/hooks/twilio/status", {}),
        (
            "host",
            "https://other.example.com/hooks/twilio/status",
            "/hooks/twilio/status",
            {"host": "other.example.com"},
        ),
        (
            "host",
            "https://other.example.com/hooks/twilio/status",
            "/hooks/twilio/status",
            {"host": "web:8000", "x_forwarded_host": "other.example.com, web"},
        ),
        (
            "port",
            "https://calls.example.com:8443/hooks/twilio/status",
            "/hooks/twilio/status",
            {"host": "calls.example.com:8443"},
        ),
        ("path", "https://calls.example.com/hooks/twilio/status/", "/hooks/twilio/status", {}),
        (
            "path",
            "https://calls.example.com/hooks/twilio/a%20b",
            "/hooks/twilio/a_b",
            {"x_original_uri": "/hooks/twilio/a%20b"},
        ),
        (
            "query order",
            f"https://calls.example.com/hooks/twilio/status?{FIVE}",
            f"/hooks/twilio/status?{ARRIVED}",
            {},
        ),
        ("", "https://elsewhere.example.com/hooks/twilio/status", "/hooks/twilio/status", {}),
    ],
)
def test_the_word_says_what_differs_and_it_is_refused_all_the_same(word, signed_for, path, headers):
    with pytest.raises(Refused, match=r"^wrong signature$") as refused:
        signature.verify(asked(signed_for, path, **headers))
    assert refused.value.looks_like == word


def test_no_header_of_a_stranger_makes_a_likeness():
    forged = replace(given.signed(given.progress()), headers={"x-twilio-signature": "A" * 27 + "="})
    forged = replace(forged, headers={**forged.headers, "x-forwarded-host": "x" * 60_000, "host": "evil"})
    with pytest.raises(Refused) as refused:
        signature.verify(forged)
    assert refused.value.looks_like == ""


@pytest.mark.django_db
def test_it_is_counted_apart_and_told_as_one_reason():
    for signed_for in ("http://calls.example.com/hooks/twilio/status", "https://e.example/hooks/twilio/s"):
        delivery = replace(asked(signed_for), received_at=rejections.time())
        assert receive.receive(delivery).status == 403
    assert sorted(Rejection.objects.values_list("reason", "looks_like", "count")) == [
        ("wrong signature", "", 1),
        ("wrong signature", "scheme", 1),
    ]
    assert {(r.reason, r.looks_like) for r in rejections.recent()} == {
        ("wrong signature", ""),
        ("wrong signature", "scheme"),
    }
