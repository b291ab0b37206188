"""The ways in which a request may have been written when Twilio signed it: its URL and its form.

Twilio sorts the query and writes + for %20 before it asks, signs with or without the port, and leaves some
parameters out; https://www.twilio.com/docs/usage/security, twilio-php 790.
"""

from collections.abc import Iterable, Iterator
from itertools import permutations
from urllib.parse import urlsplit

from django.conf import settings
from twilio.request_validator import add_port, remove_port

from ingest.providers.delivery import Delivery

# Some senders leave them out of what they sign (reference: Twilio, §1.5), so they are tried second.
SOMETIMES_UNSIGNED = frozenset({"CallToken", "StirVerstat"})
# 4 parameters give 24 orders; with more, only the order as requested is tried.
REORDERED_UP_TO = 4


def writings(delivery: Delivery) -> Iterator[tuple[bytes, bytes]]:
    """(URL, form) as they may have been signed, each once. Nearly all are signed just as they came: first."""
    fields = () if delivery.is_json else delivery.form
    plain = tail(fields)
    yield (settings.PUBLIC_BASE_URL + delivery.path).encode(), plain
    tails = dict.fromkeys((plain, tail(always_signed(fields))))
    bases = dict.fromkeys(_signed_bases(settings.PUBLIC_BASE_URL))
    met = {(settings.PUBLIC_BASE_URL + delivery.path, plain)}
    for path in _signed_paths(delivery.path):
        for writing in ((base + path, form) for base in bases for form in tails):
            if writing not in met:
                met.add(writing)
                yield writing[0].encode(), writing[1]


def tail(fields: Iterable[tuple[str, str]]) -> bytes:
    """A form as it is signed: its names in order, each with its values in order and each of these once."""
    return "".join(map("".join, sorted(set(fields)))).encode()


def always_signed(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Its fields without those that some senders do not sign."""
    return [(name, value) for name, value in fields if name not in SOMETIMES_UNSIGNED]


def _signed_bases(base: str) -> tuple[str, str, str]:
    """The public URL as configured, without its port, and with it: Twilio signs either."""
    parts = urlsplit(base)
    return base, remove_port(parts), add_port(parts)


def _signed_paths(path: str) -> Iterator[str]:
    """The path as requested, then as the configured URL may have read: Twilio sorts the query and
    writes + for %20 before it asks, but signs what was configured (twilio-php 790)."""
    yield path
    bare, _, query = path.partition("?")
    pairs = query.split("&")
    orders = permutations(pairs) if 1 < len(pairs) <= REORDERED_UP_TO else [tuple(pairs)]
    for order in orders:
        joined = "&".join(order)
        for written in (joined, joined.replace("+", "%20"), joined.replace("%20", "+")):
            if written != query:
                yield f"{bare}?{written}"
