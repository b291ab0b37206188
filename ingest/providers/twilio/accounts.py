"""Which tokens open an account at Twilio's API, and where that API is asked."""

import re
from urllib.parse import urlsplit

from django.conf import settings

from ingest.providers.provider import configured
from ingest.providers.twilio.setting import SETTING

# api.twilio.com, insights.twilio.com, or a region's with its edge: api.dublin.ie1.twilio.com
# (twilio.com/docs/global-infrastructure).
HOST = re.compile(r"[a-z]+(?:\.[a-z0-9-]+){0,2}\.twilio\.com", re.ASCII | re.IGNORECASE)


def accounts() -> list[str]:
    """The accounts that have a token here, in a fixed order."""
    every = configured(SETTING)
    return sorted(every)


def tokens(account_sid: str) -> list[tuple[str, str]]:
    """(user, password) pairs in the order to try: the account's own tokens, else every account's.

    A parent account's token opens its sub-accounts, and only Twilio knows which those are.
    """
    every = configured(SETTING)
    own = {account_sid: every[account_sid]} if account_sid in every else every
    return [(sid, token) for sid, its in own.items() for token in its]


def address(url: str) -> tuple[str, dict[str, str]] | None:
    """Where to ask for a URL of Twilio's and with which headers; None for a URL of anybody else's.

    With TWILIO_API_BASE_URL everything goes there, the path unchanged and the true host in a header. What
    answers there may name pages by its own address.
    """
    base = settings.TWILIO_API_BASE_URL
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if base and url.startswith(f"{base}/"):
        return url, {}
    if parts.scheme != "https" or port not in (None, 443) or "@" in parts.netloc or not HOST.fullmatch(host):
        return None
    tail = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return through_proxy(host, tail)


def through_proxy(host: str, path: str) -> tuple[str, dict[str, str]]:
    """Where to ask for a path at a host of Twilio's, and with which headers."""
    base = settings.TWILIO_API_BASE_URL
    return (f"{base}{path}", {"X-Original-Host": host}) if base else (f"https://{host}{path}", {})
