"""Bytes from a provider into a file: bounded in size and in time, and from no place but those named."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

import httpx

# Twilio ends a <Dial> after 4 hours unless told otherwise; that is 461 MB of two channels.
LARGEST = 512 * 1024 * 1024
TIMEOUT = httpx.Timeout(10, read=30)
LONGEST_S = 600.0  # of a whole transfer, its headers and redirects included: who drips must not hold a worker
HOPS = 3
REDIRECTS = (301, 302, 303, 307, 308)


class FetchFailed(Exception):
    """A recording could not be fetched. `slug` names the reason, `permanent` says trying again is vain.

    `refused` is set where waiting minutes will not help but a person may: wrong credentials. `ours` is set
    where this machine is at fault: told at once, and never for good. `gone` says that the provider has not
    got the recording: not yet, or not any more.
    """

    def __init__(
        self,
        slug: str,
        reason: str,
        *,
        permanent: bool = False,
        refused: bool = False,
        ours: bool = False,
        gone: bool = False,
    ) -> None:
        super().__init__(reason)
        self.slug, self.reason, self.permanent, self.refused = slug, reason, permanent, refused
        self.ours, self.gone = ours, gone


@dataclass(frozen=True, slots=True)
class Place:
    """Where bytes are asked for, and with what: `name` is whom we ask, `url` where that is to be found."""

    name: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    auth: tuple[str, str] | None = None


# Where a redirect from a place leads, or None where we do not go.
Onward = Callable[[Place, str], Place | None]


def fetch(place: Place, into: BinaryIO, onward: Onward) -> int:
    """The status of the answer to a GET; of 200 the bytes are in `into`, alone. Raises FetchFailed."""
    try:
        return asyncio.run(asyncio.wait_for(_fetch(place, into, onward), LONGEST_S))
    except TimeoutError:
        raise FetchFailed("too-slow", f"not complete after {LONGEST_S:.0f} s") from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:  # the last two of a base that is none
        raise FetchFailed("unreachable", f"{place.name} did not answer: {type(error).__name__}") from None


async def _fetch(place: Place, into: BinaryIO, onward: Onward) -> int:
    # Nothing is asked for packed: a few bytes may unpack to gigabytes.
    async with httpx.AsyncClient(timeout=TIMEOUT, headers={"accept-encoding": "identity"}) as client:
        for _ in range(HOPS + 1):
            into.seek(0)
            into.truncate()
            auth = httpx.BasicAuth(*place.auth) if place.auth else None
            async with client.stream("GET", place.url, headers=dict(place.headers), auth=auth) as response:
                if response.status_code == 200:
                    await _copy(response, into, place.name)
                if response.status_code not in REDIRECTS:
                    return response.status_code
            found = onward(place, response.headers.get("location", ""))
            if found is None:
                break
            place = found
    raise FetchFailed("redirected", f"{place.name} sent us to another place", permanent=True)


async def _copy(response: httpx.Response, into: BinaryIO, name: str) -> None:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise FetchFailed("packed", f"{name} packed the recording, which was not asked for")
    told, size = response.headers.get("content-length", ""), 0
    if told.isdecimal() and int(told) > LARGEST:
        raise _too_large()
    async for chunk in response.aiter_raw():
        size += len(chunk)
        if size > LARGEST:
            raise _too_large()
        into.write(chunk)
    if not size:
        raise FetchFailed("empty", f"{name} answered without a byte")


def _too_large() -> FetchFailed:
    return FetchFailed("too-large", f"larger than {LARGEST >> 20} MiB", permanent=True)
