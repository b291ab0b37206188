"""How the `twilio` package's client speaks HTTP here: bounded in time, size and number, and patient with 429.

The package's own client has no timeout and repeats nothing (twilio-python 9.13, TwilioHttpClient).
"""

import logging
import random
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
from twilio.http import HttpClient
from twilio.http.response import Response

from ingest.arrivals import repeats
from ingest.providers.twilio.accounts import address

log = logging.getLogger(__name__)

BACKFILL = "backfill"  # the source that answers are
TIMEOUT = httpx.Timeout(10, read=30)
LONGEST_S = 60.0  # of one answer: a server that drips must not hold a worker
LARGEST = 16 * 1024 * 1024
# 429 is about how many ask at once; such a request was never looked at (twilio.com/docs/api/errors/20429).
TRIES = 5
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 20.0
MOST_REQUESTS = 200  # about one call, or for one list of calls
MOST_PAGES = (
    60  # of one list, by its path: a server that never ends one has the others asked for all the same
)


class Unanswered(Exception):
    """Twilio did not tell; the message is a sentence about what it answered, and quotes nobody."""


class NotThere(Unanswered):
    """Twilio knows nothing under this address (yet)."""


class RestHttp(HttpClient):  # type: ignore[misc]  # the package has no types
    """One conversation with Twilio's API, with whichever of the account's tokens it takes."""

    def __init__(self, tokens: Sequence[tuple[str, str]]) -> None:
        super().__init__(log, is_async=False)
        self._tokens = list(tokens)
        self._asked: Counter[str] = Counter()  # requests by their path
        self._host = ""
        self._client = httpx.Client(timeout=TIMEOUT, follow_redirects=False)

    def close(self) -> None:
        """End the conversation."""
        self._client.close()

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: Any = None,
        headers: dict[str, str] | None = None,
        auth: Any = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """The answer to a GET, which is 200 and a JSON object. Raises Unanswered for any other."""
        where = address(uri)
        if where is None:
            raise Unanswered(f"Twilio names a page that is not at its own host: {uri[:100]}")
        url, more = where
        self._host = more.get("X-Original-Host", self._host)
        sent = {**(headers or {}), **({"X-Original-Host": self._host} if self._host else {})}
        given = {name: str(value) for name, value in (params or {}).items() if value is not None}
        what = f"{method} {urlsplit(uri).path}"
        for attempt in range(1, TRIES + 1):
            repeats.fetched(BACKFILL, again=attempt > 1)
            status, body, after = self._once(method, url, given, sent, what)
            if status in (401,) and len(self._tokens) > 1:
                self._tokens.pop(0)  # the next token of a rotation, for all that follows
                return self.request(method, uri, params, data, headers, auth, timeout, allow_redirects)
            if fault := _fault(status, body):
                if attempt < TRIES and _passes(status):
                    time.sleep(_wait(attempt, after))
                    continue
                raise (NotThere if status == 404 else Unanswered)(f"Twilio answered {fault} to {what}")
            break
        return Response(status, body.decode(), {})

    def _once(
        self, method: str, url: str, params: dict[str, str], headers: dict[str, str], what: str
    ) -> tuple[int, bytes, str | None]:
        """Status, body and Retry-After of one attempt; status 0 where no whole answer came."""
        self._asked[what] += 1
        if self._asked[what] > MOST_PAGES or self._asked.total() > MOST_REQUESTS:
            made = self._asked.total()
            raise Unanswered(f"Twilio's pages do not end: {made} requests were made, last {what}")
        try:
            with self._client.stream(
                method, url, params=params or None, headers=headers, auth=self._tokens[0]
            ) as answer:
                return answer.status_code, _read(answer, what), answer.headers.get("Retry-After")
        except httpx.InvalidURL:
            raise Unanswered(f"TWILIO_API_BASE_URL cannot be asked for {what}") from None
        except httpx.HTTPError as error:
            return 0, type(error).__name__.encode(), None


def _read(answer: httpx.Response, what: str) -> bytes:
    deadline, body = time.monotonic() + LONGEST_S, bytearray()
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > LARGEST:
            raise Unanswered(f"Twilio's answer to {what} is larger than {LARGEST >> 20} MiB")
        if time.monotonic() > deadline:
            raise Unanswered(f"Twilio's answer to {what} took longer than {LONGEST_S:.0f} s")
    return bytes(body)


def _fault(status: int, body: bytes) -> str | None:
    """What is wrong with an answer, in words; None for one that can be read."""
    if status == 0:
        return f"nothing whole ({body.decode()})"
    if status != 200:
        code = _code(body)
        return f"{status}" + (f" (its code {code})" if code else "")
    try:
        return None if isinstance(orjson.loads(body), dict) else "200 with something that is no JSON object"
    except orjson.JSONDecodeError:
        return "200 with something that is no JSON"


def _code(body: bytes) -> str | None:
    """Twilio's number for an error, by which its dictionary tells more; its message may quote anybody."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    code = found.get("code") if isinstance(found, dict) else None
    return str(code) if isinstance(code, int) else None


def _passes(status: int) -> bool:
    """Whether trying again may help: too many at once, a fault of theirs, or an answer that broke off."""
    return status in (0, 200, 429) or status >= 500


def _wait(attempt: int, after: str | None) -> float:
    """Seconds until the next try: as Retry-After says, else twice as long each time; never all at once."""
    told = float(after) if after and after.isascii() and after.isdigit() else 0.0
    doubled: float = FIRST_WAIT_S * 2.0 ** (attempt - 1)
    return min(LONGEST_WAIT_S, max(told, doubled) * random.uniform(1.0, 1.5))
