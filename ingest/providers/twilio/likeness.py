"""Other addresses that a refused request may have been signed for: in what the configured one is wrong.

What is tried here is never believed. It only says, of a request that a token of ours did sign, whether
scheme, host, port, path or query order was another than PUBLIC_BASE_URL and a proxy make of it.
"""

from collections.abc import Iterator
from itertools import permutations
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings

from ingest.providers.delivery import Delivery
from ingest.providers.twilio.writings import REORDERED_UP_TO

LONGEST = 4096  # of an address; a header may hold more
FORM_UP_TO = 16 * 1024  # bytes that are hashed with each address; forms of Twilio's have some 2 kB
# What proxies say of the request that they were asked.
HOSTS = ("host", "x-forwarded-host")
WHOLE_PATHS = ("x-original-uri", "x-original-url", "x-forwarded-uri", "x-rewrite-url")
PREFIX = "x-forwarded-prefix"
OTHER = {"https": "http", "http": "https"}


def addresses(delivery: Delivery) -> Iterator[tuple[str, bytes]]:
    """(word, URL): what is other in an address that this may have been signed for."""
    for word, url in _addresses(delivery):
        if len(url) <= LONGEST:
            yield word, url.encode()


def _addresses(delivery: Delivery) -> Iterator[tuple[str, str]]:
    base = urlsplit(settings.PUBLIC_BASE_URL)
    path, schemes = delivery.path, (base.scheme, OTHER.get(base.scheme, base.scheme))
    yield "scheme", f"{schemes[1]}://{base.netloc}{base.path}{path}"
    for host in _named(delivery, HOSTS):
        word = "port" if host.partition(":")[0] == base.hostname else "host"
        for scheme in schemes:
            yield word, f"{scheme}://{host}{base.path}{path}"
    for other in _paths(delivery):
        yield "path", f"{settings.PUBLIC_BASE_URL}{other}"
    bare, _, query = path.partition("?")
    pairs = query.split("&")
    if len(pairs) == REORDERED_UP_TO + 1:  # fewer were tried, and of more there are too many orders
        for order in permutations(pairs):
            yield "query order", f"{settings.PUBLIC_BASE_URL}{bare}?{'&'.join(order)}"


def _paths(delivery: Delivery) -> Iterator[str]:
    bare, mark, query = delivery.path.partition("?")
    yield f"{bare.removesuffix('/') if bare.endswith('/') else bare + '/'}{mark}{query}"
    yield f"{quote(unquote(bare))}{mark}{query}"
    yield from _named(delivery, WHOLE_PATHS)
    yield from (f"{prefix.rstrip('/')}{delivery.path}" for prefix in _named(delivery, (PREFIX,)))


def _named(delivery: Delivery, headers: tuple[str, ...]) -> list[str]:
    """What these headers say, the first where several proxies wrote one."""
    return [given.partition(",")[0].strip() for name in headers if (given := delivery.headers.get(name))]
