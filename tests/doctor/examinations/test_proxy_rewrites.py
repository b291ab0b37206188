"""Signatures that would hold if a proxy had passed on what it was asked."""

import pytest

from tests.doctor.refusals import refusal
from tests.doctor.told import examine

KEY = "proxy_rewrites"


@pytest.mark.parametrize(
    ("looks_like", "says"),
    [
        ("scheme", "PUBLIC_BASE_URL=http://calls.example.com"),
        ("host", "PUBLIC_BASE_URL"),
        ("port", "PUBLIC_BASE_URL"),
        ("path", "proxy_pass"),
        ("query order", "alphabet"),
    ],
)
def test_fires_for_each_way_in_which_an_address_may_differ(looks_like, says):
    found = examine(KEY, refusals=(refusal("twilio", "wrong signature", count=7, looks_like=looks_like),))
    assert says in found.paste and "7 " in found.why and found.events == ()


def test_stays_silent_for_a_signature_that_nothing_explains():
    assert examine(KEY, refusals=(refusal("twilio", "wrong signature"),)) is None
