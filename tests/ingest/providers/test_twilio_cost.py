"""What it costs to refuse a form: nothing that is sent without a secret takes 20 ms of a processor."""

import time
from dataclasses import replace

import pytest

from ingest.providers.provider import Refused
from ingest.providers.twilio import signature
from tests.ingest import deliveries as given

ALLOWED_S = 0.020
TWO_MEBIBYTES = 2 * 1024 * 1024
ORDERS = "a=+1%201&b=+1%202&c=+1%203&d=+1%204"
ACCOUNT = f"AccountSid={given.ACCOUNT}&CallToken=x&"


def filled(head, unit):
    """A body of 2 MiB."""
    return (head + unit * ((TWO_MEBIBYTES - len(head)) // len(unit))).encode()


FORMS = {
    "16,666 fields with every order to try": (ACCOUNT + "&".join(f"f{n}=" for n in range(16_666))).encode(),
    "2 MiB of fields": filled(ACCOUNT, "a=b&"),
    "2 MiB of repeats": filled(ACCOUNT, "a&"),
    "2 MiB of borders": filled(ACCOUNT, "&"),
    "2 MiB of escapes": filled(ACCOUNT + "a=", "%41"),
    "2 MiB of blanks": filled(ACCOUNT + "a=", "+"),
    "2 MiB of one value": filled(ACCOUNT + "a=", "b"),
    "2 MiB of no UTF-8": ACCOUNT.encode() + b"a=" + b"\xff" * (TWO_MEBIBYTES - len(ACCOUNT) - 2),
    "as many fields as may be": (ACCOUNT + "&".join(f"f{n}={'x' * 500}" for n in range(497))).encode(),
    "as many escapes as may be": (ACCOUNT + "a=" + "%41" * 29_990 + "b" * 170_000).encode(),
    "as much as may be of no UTF-8": ACCOUNT.encode() + b"a=" + b"\xff" * 262_000,
    "as many blanks as may be": (ACCOUNT + "a=" + "+" * 262_000).encode(),
}


@pytest.fixture(autouse=True)
def _configured(settings):
    given.configured(settings)
    settings.TWILIO_ACCOUNTS = {given.ACCOUNT: [given.TOKEN, "the-token-before"]}


def form(body, query=ORDERS):
    unsigned = given.delivery("twilio", f"/hooks/twilio/x?{query}", body, "application/x-www-form-urlencoded")
    return replace(unsigned, headers={**unsigned.headers, "x-twilio-signature": "A" * 27 + "="})


def seconds(delivery):
    """Processor time of one refusal."""
    began = time.thread_time()
    with pytest.raises(Refused):
        signature.verify(replace(delivery))  # a copy has not been read yet
    return time.thread_time() - began


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
def test_no_form_costs_more_than_20_ms_to_refuse(body):
    delivery = form(body)
    assert min(seconds(delivery) for _ in range(5)) <= ALLOWED_S


def test_a_long_query_costs_no_more():
    query = "&".join(f"{name}={'+%20' * 4_000}" for name in "abcd")
    delivery = form(f"{ACCOUNT}CallSid={given.sid()}".encode(), query)
    assert min(seconds(delivery) for _ in range(5)) <= ALLOWED_S


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
def test_the_search_for_another_writing_hashes_a_bounded_number_of_bytes(body, monkeypatch):
    hashed = []
    digest = signature.hmac.digest

    def counting(key, message, kind):
        hashed.append(len(message))
        return digest(key, message, kind)

    monkeypatch.setattr(signature.hmac, "digest", counting)
    with pytest.raises(Refused):
        signature.verify(form(body))
    one_writing_more = 2 * TWO_MEBIBYTES + 1_000  # two tokens; what is no UTF-8 is shorter
    assert sum(hashed) <= signature.SEARCHED_BYTES + one_writing_more
    assert len(hashed) <= 24 * 3 * 2 * 2 * 2  # orders, spellings, ports, forms, tokens


@pytest.mark.parametrize("size", [1_000, 100_000, 250_000, TWO_MEBIBYTES - 4_000])
def test_a_signed_form_of_any_size_that_the_door_takes_is_accepted(size):
    signature.verify(given.signed(given.progress(Payload="x" * size, CallToken="y" * 2_000)))
    signature.verify(given.signed(given.progress(Payload='"あ' * min(7_000, size // 80))))


@pytest.mark.parametrize(
    "parameters",
    [{"Payload": "あ" * 10_001}, {f"f{n}": "" for n in range(500)}],
    ids=["escapes", "fields"],
)
def test_a_form_that_twilio_never_sends_is_refused_unread(parameters):
    with pytest.raises(Refused, match="too large a form"):
        signature.verify(given.signed(given.form(**parameters)))


def test_every_writing_is_tried_for_a_form_as_twilio_sends_it():
    path = "/hooks/twilio/s?{0}&{1}&{2}&{3}"
    pairs = ("a=x%20y", "b=2", "c=3", "d=4")
    long = given.progress(CallToken="t" * 900, StirPassportToken="p" * 900)
    configured = given.signed(replace(long, path=path.format(*reversed(pairs))), "the-token-before")
    signature.verify(replace(configured, path=path.format(*pairs).replace("%20", "+")))
