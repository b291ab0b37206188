"""Fetches a recording's bytes from Twilio: the right address, the right token, no other host."""

import re
import time
from typing import BinaryIO
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from callstore.domain.facts.ids import ACCOUNT_SID, CALL_SID, RECORDING_SID
from ingest.providers.provider import configured
from ingest.providers.twilio.setting import SETTING

# Twilio ends a <Dial> after 4 hours unless told otherwise; that is 461 MB of two channels.
LARGEST = 512 * 1024 * 1024
TIMEOUT = httpx.Timeout(10, read=30)
LONGEST_S = 600  # of a whole download: a server that drips must not hold a worker
# api.twilio.com, or a region's with or without its edge: api.ie1.twilio.com, api.dublin.ie1.twilio.com
# (twilio.com/docs/global-infrastructure; twilio-python, ClientBase.get_hostname).
HOST = re.compile(r"api(?:\.[a-z0-9-]+){0,2}\.twilio\.com", re.ASCII | re.IGNORECASE)
ADDRESS = re.compile(
    rf"https://(?P<host>(?i:{HOST.pattern}))(?::443)?"
    rf"(?P<path>/2010-04-01/Accounts/{ACCOUNT_SID.pattern}(?:/Calls/{CALL_SID.pattern})?"
    rf"/Recordings/{RECORDING_SID.pattern})(?:\.\w+)?(?:[?#].*)?",
    re.ASCII,
)


class FetchFailed(Exception):
    """A recording could not be fetched. `slug` names the reason, `permanent` says trying again is vain.

    `refused` is set where waiting minutes will not help but a person may: wrong credentials. `ours` is set
    where this machine is at fault: told at once, and never for good.
    """

    def __init__(
        self, slug: str, reason: str, *, permanent: bool = False, refused: bool = False, ours: bool = False
    ) -> None:
        super().__init__(reason)
        self.slug, self.reason, self.permanent, self.refused = slug, reason, permanent, refused
        self.ours = ours


def download(account_sid: str, url: str, into: BinaryIO) -> None:
    """Writes the recording at `url` (Twilio's RecordingUrl) to `into`, with two channels where it has two.

    Raises FetchFailed.
    """
    address, headers = request_for(url)
    with httpx.Client(timeout=TIMEOUT, headers=headers) as client:
        for auth in credentials(account_sid):
            status = 0
            # 400 is Twilio's answer where no second channel was recorded.
            for parameters in ({"RequestedChannels": "2"}, {}):
                status = _get(client, address, parameters, auth, into)
                if status != 400:
                    break
            if status == 200:
                return
            if status not in (401, 403):
                raise _failure(status)
    raise FetchFailed("refused", "Twilio refused every token of the account", refused=True)


def request_for(url: str) -> tuple[str, dict[str, str]]:
    """Where to ask for a RecordingUrl's WAV, and with which headers.

    Only Twilio is ever asked, and only for a recording: a token must not reach another host, nor our worker
    another network. Raises FetchFailed for any other URL.
    """
    found = ADDRESS.fullmatch(url)
    if found is None:
        raise _foreign(url)
    host, path = found["host"].lower(), f"{found['path']}.wav"
    if settings.TWILIO_API_BASE_URL:
        return f"{settings.TWILIO_API_BASE_URL}{path}", {"X-Original-Host": host}
    return f"https://{host}{path}", {}


def _foreign(url: str) -> FetchFailed:
    try:
        host = urlsplit(url).hostname or "none"
    except ValueError:
        return FetchFailed("bad-url", "the recording's URL cannot be read", permanent=True)
    if not HOST.fullmatch(host):
        return FetchFailed("host-not-allowed", f"host not allowed: {host[:100]}", permanent=True)
    return FetchFailed("bad-url", "the recording's URL is none of Twilio's", permanent=True)


def credentials(account_sid: str) -> list[tuple[str, str]]:
    """(user, password) pairs in the order to try: the account's own tokens, else every account's.

    A parent account's token opens its sub-accounts, and only Twilio knows which those are.
    """
    accounts = configured(SETTING)
    own = {account_sid: accounts[account_sid]} if account_sid in accounts else accounts
    pairs = [(sid, token) for sid, tokens in own.items() for token in tokens]
    if not pairs:
        raise FetchFailed("no-credentials", f"{SETTING.name} holds no token", refused=True)
    return pairs


def _get(
    client: httpx.Client, url: str, parameters: dict[str, str], auth: tuple[str, str], into: BinaryIO
) -> int:
    into.seek(0)
    into.truncate()
    try:
        with client.stream("GET", url, params=parameters, auth=auth) as response:
            if response.status_code == 200:
                _copy(response, into)
            return response.status_code
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:  # the last two of a base that is none
        raise FetchFailed("unreachable", f"Twilio did not answer: {type(error).__name__}") from None


def _copy(response: httpx.Response, into: BinaryIO) -> None:
    deadline, size = time.monotonic() + LONGEST_S, 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > LARGEST:
            raise FetchFailed("too-large", f"larger than {LARGEST >> 20} MiB", permanent=True)
        if time.monotonic() > deadline:
            raise FetchFailed("too-slow", f"not complete after {LONGEST_S} s")
        into.write(chunk)


def _failure(status: int) -> FetchFailed:
    if status == 404:
        return FetchFailed("not-found", "Twilio has no such recording (404)")
    if status == 410:
        return FetchFailed("gone", "Twilio has deleted the recording (410)", permanent=True)
    if 300 <= status < 400:
        return FetchFailed("redirected", "Twilio sent us to another place", permanent=True)
    return FetchFailed(f"http-{status}", f"Twilio answered {status}")
