"""Whose a status page is, by its address: it can call itself anything, and stands for its own host alone."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

# Pages that stand under a name of their provider's: <owner>.statuspage.io.
HOSTS = frozenset({"statuspage.io", "instatus.com", "betteruptime.com"})
SECOND_LEVELS = frozenset({"ac", "co", "com", "gov", "ne", "net", "or", "org"})  # of two-letter countries
LONGEST = 60


def owner(url: str, page_name: str | None) -> str:
    """`openai` of status.openai.com; of an address that has no name, what the page calls itself."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    # incident.io serves other people's pages there.
    if page := re.match(r"/proxy/([A-Za-z0-9.-]+)", parts.path):
        host = page[1].lower()
        if "." not in host:
            return host[:LONGEST]
    if not _is_name(host):
        return "-".join((page_name or host or "unknown").lower().split())[:LONGEST]
    return _label(host)[:LONGEST]


def _is_name(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return "." in host
    return False


def _label(host: str) -> str:
    labels = host.split(".")
    if ".".join(labels[-2:]) in HOSTS and len(labels) > 2:
        return labels[-3]
    in_country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVELS
    own = labels[-3 if in_country else -2]
    return own.removesuffix("status").rstrip("-") or own
