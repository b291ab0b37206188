"""Asks a status page for its feed: so many bytes, so many seconds, and its own host alone."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import httpx

LARGEST = 2 * 1024 * 1024
PATIENCE = httpx.Timeout(10, connect=5)
LONGEST_S = 20.0  # of all of it: a page that drips holds nobody up
MOST_REDIRECTS = 3
LONGEST_VALIDATOR = 200
# Never packed: what comes is what is counted.
ASKED = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": "callstore (status feed; asks once a minute, conditionally)",
}


class FeedFailed(Exception):
    """A feed could not be had. The message says why, in words for its row."""


class Asked(NamedTuple):
    """A feed's address, and by what its last answer is known: its ETag and Last-Modified, "" for none."""

    url: str
    etag: str = ""
    modified: str = ""


class Fetched(NamedTuple):
    """What a feed answered; `body` is None where nothing has changed since the last answer."""

    body: bytes | None
    etag: str = ""
    modified: str = ""


def fetch_all(asked: Sequence[Asked]) -> list[Fetched | FeedFailed]:
    """What each answered, or why not, in their order; they are asked together, and none waits for another."""
    return asyncio.run(_fetch_all(asked))


async def _fetch_all(asked: Sequence[Asked]) -> list[Fetched | FeedFailed]:
    async with httpx.AsyncClient(timeout=PATIENCE, headers=ASKED, trust_env=False) as client:
        return await asyncio.gather(*(_fetched(client, each) for each in asked))


async def _fetched(client: httpx.AsyncClient, asked: Asked) -> Fetched | FeedFailed:
    try:
        async with asyncio.timeout(LONGEST_S):
            return await _follow(client, asked)
    except FeedFailed as failure:
        return failure
    except TimeoutError:
        return FeedFailed(f"not complete after {LONGEST_S:.0f} s")
    except (
        httpx.HTTPError,
        httpx.InvalidURL,
        ValueError,
    ) as error:  # the last of a header or host that is none
        return FeedFailed(f"does not answer: {type(error).__name__}")


async def _follow(client: httpx.AsyncClient, asked: Asked) -> Fetched:
    known = {"If-None-Match": asked.etag, "If-Modified-Since": asked.modified}
    headers = {name: value for name, value in known.items() if value}
    url = asked.url
    for _ in range(MOST_REDIRECTS + 1):
        async with client.stream("GET", url, headers=headers) as response:
            if not response.has_redirect_location:
                return await _answer(response, asked)
            url = _next(url, response.headers["Location"])
    raise FeedFailed(f"redirects more than {MOST_REDIRECTS} times")


def _next(url: str, location: str) -> str:
    """Where a page may send us: elsewhere on its own host, and never from https to http."""
    ahead = urljoin(url, location)
    old, new = urlsplit(url), urlsplit(ahead)
    if new.hostname != old.hostname:
        raise FeedFailed(
            f"redirects to {(new.hostname or 'nowhere')[:100]}: give that address if you trust it"
        )
    if new.scheme not in ("http", "https") or (old.scheme, new.scheme) == ("https", "http"):
        raise FeedFailed("redirects away from https")
    return ahead


async def _answer(response: httpx.Response, asked: Asked) -> Fetched:
    if response.status_code == 304 and (asked.etag or asked.modified):
        return Fetched(None, asked.etag, asked.modified)
    if response.status_code != 200:
        raise FeedFailed(f"answers {response.status_code}")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise FeedFailed("comes packed, which was not asked for")
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > LARGEST:
            raise FeedFailed(f"larger than {LARGEST >> 20} MiB")
    return Fetched(bytes(body), _validator(response, "ETag"), _validator(response, "Last-Modified"))


def _validator(response: httpx.Response, name: str) -> str:
    value: str = response.headers.get(name, "")
    return value if value.isascii() and value.isprintable() and len(value) <= LONGEST_VALIDATOR else ""
