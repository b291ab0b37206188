"""Fetches a recording's bytes from Twilio: the right address, the right token, no other host."""

import re
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

from callstore.domain.facts.ids import ACCOUNT_SID, CALL_SID, RECORDING_SID
from ingest.providers.twilio.accounts import through_proxy, tokens
from ingest.providers.twilio.setting import SETTING
from ingest.recordings.transfer import FetchFailed, Place, fetch

# api.twilio.com, or a region's with or without its edge: api.ie1.twilio.com, api.dublin.ie1.twilio.com
# (twilio.com/docs/global-infrastructure; twilio-python, ClientBase.get_hostname).
HOST = re.compile(r"api(?:\.[a-z0-9-]+){0,2}\.twilio\.com", re.ASCII | re.IGNORECASE)
ADDRESS = re.compile(
    rf"https://(?P<host>(?i:{HOST.pattern}))(?::443)?"
    rf"(?P<path>/2010-04-01/Accounts/{ACCOUNT_SID.pattern}(?:/Calls/{CALL_SID.pattern})?"
    rf"/Recordings/{RECORDING_SID.pattern})(?:\.\w+)?(?:[?#].*)?",
    re.ASCII,
)
# Whither Twilio may send us for the bytes: its own hosts, or the S3 bucket where an account keeps its
# recordings (`media_url` of a recording; twilio.com/docs/voice/api/recording). A token goes to neither.
TWILIO = re.compile(r"(?:[a-z0-9-]+\.){1,4}twilio\.com", re.ASCII)
S3 = re.compile(r"(?:[a-z0-9-]+\.){0,4}s3(?:[.-][a-z0-9-]+){0,2}\.amazonaws\.com", re.ASCII)
NAME = "Twilio"


def download(account_sid: str, url: str, into: BinaryIO) -> None:
    """Writes the recording at `url` (Twilio's RecordingUrl) to `into`, with two channels where it has two.

    Raises FetchFailed.
    """
    address, headers = request_for(url)
    pairs = tokens(account_sid)
    if not pairs:
        raise FetchFailed("no-credentials", f"{SETTING.name} holds no token", refused=True)
    for auth in pairs:
        status = 0
        # 400 is Twilio's answer where no second channel was recorded.
        for channels in (2, 1):
            place = Place(NAME, f"{address}?RequestedChannels={channels}", headers, auth)
            status = fetch(place, into, onward)
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
    return through_proxy(found["host"].lower(), f"{found['path']}.wav")


def onward(place: Place, location: str) -> Place | None:
    """Where a redirect may lead: by TLS to Twilio or to a bucket, and without the token."""
    host = place.headers.get("X-Original-Host") or urlsplit(place.url).netloc
    try:
        found = urlsplit(urljoin(f"https://{host}{urlsplit(place.url).path}", location))
        plain = found.scheme == "https" and found.netloc.lower() == (found.hostname or "")
    except ValueError:
        return None
    if not (location and plain and found.hostname):
        return None
    path = f"{found.path}?{found.query}" if found.query else found.path
    if TWILIO.fullmatch(found.hostname):
        return Place(NAME, *through_proxy(found.hostname, path))
    return Place(NAME, f"https://{found.hostname}{path}") if S3.fullmatch(found.hostname) else None


def _foreign(url: str) -> FetchFailed:
    try:
        host = urlsplit(url).hostname or "none"
    except ValueError:
        return FetchFailed("bad-url", "the recording's URL cannot be read", permanent=True)
    if not HOST.fullmatch(host):
        return FetchFailed("host-not-allowed", f"host not allowed: {host[:100]}", permanent=True)
    return FetchFailed("bad-url", "the recording's URL is none of Twilio's", permanent=True)


def _failure(status: int) -> FetchFailed:
    if status == 404:
        return FetchFailed("not-found", "Twilio has no such recording (404)", gone=True)
    if status == 410:
        return FetchFailed("gone", "Twilio has deleted the recording (410)", permanent=True, gone=True)
    return FetchFailed(f"http-{status}", f"Twilio answered {status}")
