"""Where an alert may be told, and how an address is kept so that no secret of it is.

An address is `mailto:`, the `https:` URL of a webhook of your own, or one of the Apprise URLs of ALERT_URLS.
The last ones carry tokens: they stay in the settings, and an alert keeps the masked spelling.
"""

import socket
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MAIL, WEB = "mailto:", ("https://", "http://")
LONGEST = 500
# Where clouds keep the credentials of their machines; the last is the first as IPv6 spells it (RFC 6052).
REFUSED = tuple(map(ip_network, (
    "169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128", "fd20:ce::254/128", "100.100.100.200/32",
    "64:ff9b::a9fe:0/112",
)))  # fmt: skip
LINK_LOCAL = "a webhook does not lead to a link-local address"


class NoTarget(ValueError):
    """An address that nobody can be told at: why."""


class Offered(NamedTuple):
    """An Apprise URL of the settings: with its secrets, without them, and the name of its service."""

    url: str
    masked: str
    service: str


@lru_cache(maxsize=4)
def _offered(urls: tuple[str, ...]) -> tuple[Offered, ...]:
    if not urls:
        return ()
    import apprise  # here: 45 MB and a third of a second of each process, for those who offer a service

    known = ((url, apprise.Apprise.instantiate(url)) for url in urls)
    return tuple(
        Offered(url, str(each.url(privacy=True)), str(each.service_name)) for url, each in known if each
    )


def offered() -> tuple[Offered, ...]:
    """The targets that the settings offer, without those that Apprise does not know."""
    return _offered(tuple(settings.ALERT_URLS))


def kept(address: str) -> str:
    """The address as an alert keeps it. Raises NoTarget."""
    address = address.strip()
    if found := next((each for each in offered() if address in (each.url, each.masked)), None):
        return found.masked
    if len(address) > LONGEST:
        raise NoTarget(f"at most {LONGEST} characters.")
    if address.startswith(MAIL):
        return MAIL + _mail(address.removeprefix(MAIL))
    if address.startswith(WEB):
        return _web(address)
    raise NoTarget(
        f"{address.partition(':')[0][:40]!r} is neither a mail (mailto:), nor a webhook (https:), "
        "nor one that ALERT_URLS offers."
    )


def apprise_url(address: str) -> str | None:
    """The Apprise URL, with its secrets, of an address that an alert keeps; None if none is offered now."""
    return next((each.url for each in offered() if each.masked == address), None)


def _mail(address: str) -> str:
    try:
        validate_email(address)
    except ValidationError:
        raise NoTarget(f"{address!r} is no e-mail address.") from None
    if not settings.EMAIL_URL:
        raise NoTarget("EMAIL_URL is not set, so no mail can be sent.")
    return address


def _web(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname
        parts.port  # noqa: B018 -- raises for a port that is none
    except ValueError:
        host = None
    if not host or parts.username is not None or any(mark in url for mark in " \t\r\n\0"):
        raise NoTarget("a webhook is a URL with a host and without a password.")
    if is_refused(host):
        raise NoTarget(f"{LINK_LOCAL}.")
    return url


def is_refused(host: str) -> bool:
    """Whether an address, in whatever spelling the system's resolver takes, is one of REFUSED; no name is."""
    try:
        address = ip_address(
            socket.inet_ntoa(socket.inet_aton(host))
        )  # 2852039166, 0xa9fea9fe, 169.254.43518
    except OSError:
        try:
            address = ip_address(host.partition("%")[0])
        except ValueError:
            return False
    plain = getattr(address, "ipv4_mapped", None) or address
    return any(plain in network for network in REFUSED)
