"""What the doors and the login page answer, asked through PUBLIC_BASE_URL as a provider and a person ask."""

import re
import ssl
from collections.abc import Iterator
from urllib.parse import urljoin
from uuid import uuid4

import httpx
from django.conf import settings
from django.urls import reverse

from callstore.eventlog.reading import read
from callstore.smoke.delivering import Answer, deliver
from callstore.smoke.fault import Fault
from ingest.providers.provider import discovered

PATIENCE_S = 15.0  # Twilio's own
CLOCK_S = 5.0  # a Date header counts whole seconds, and an answer takes some
ASSET = re.compile(r"""<(?:link[^>]+href|script[^>]+src)=["']([^"']+\.(?:css|js)[^"']*)["']""")
# What a door's answer mostly means, and what mends it.
MEANS = {
    403: (
        "on its way the path, the query, the host or a header is changed, or web has other secrets",
        "proxy_pass http://web;    # without a path behind it; and merge_slashes off",
    ),
    413: ("the proxy takes no body of 2 MiB", "client_max_body_size 2m;"),
}
ASTRAY = ("the proxy passes on another path, or it is not web that answers", "proxy_pass http://web;")
REDIRECT = ("a redirect loses the form", "no redirect below /hooks/, and https in PUBLIC_BASE_URL")


def ask() -> Iterator[Fault]:
    """Deliver to every door, compare clocks, look whether it was kept here, and look at the login page."""
    run = uuid4().hex
    try:
        with httpx.Client(verify=ssl.create_default_context(), timeout=PATIENCE_S) as client:
            answers = [answer for door in discovered() if (answer := deliver(client, door, run))]
            yield from _doors(client, answers)
            yield from _kept(answers, run)
            yield from _clock(answers)
            yield from _login(client)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        yield _unreachable(error)


def _doors(client: httpx.Client, answers: list[Answer]) -> Iterator[Fault]:
    """One sentence for all doors that answered alike."""
    if not answers:
        yield Fault("door", "No door has a secret, so that every delivery is refused.", "manage.py check")
    refused: dict[tuple[bool, int], list[str]] = {}
    for answer in answers:
        if not answer.is_taken:
            refused.setdefault((answer.reached, answer.status), []).append(answer.door)
    for (reached, status), doors in refused.items():
        why, paste = _meaning(client, reached, status)
        says = (
            f"{_named(doors)} at {settings.PUBLIC_BASE_URL} answered {status} to what we had signed: {why}."
        )
        yield Fault("door", says[0].upper() + says[1:], paste)


def _meaning(client: httpx.Client, reached: bool, status: int) -> tuple[str, str]:
    """What such an answer mostly means, and what mends it."""
    if 300 <= status < 400:
        return REDIRECT
    if not reached and status < 500:
        return ASTRAY
    return MEANS.get(status) or _unready(client)


def _named(doors: list[str]) -> str:
    return f"the door{'' if len(doors) == 1 else 's'} of {', '.join(doors)}"


def _unready(client: httpx.Client) -> tuple[str, str]:
    """What /readyz says of why nothing can be kept, and how to ask it."""
    ready = f"{settings.PUBLIC_BASE_URL}/readyz"
    try:
        said = client.get(ready).json()
        parts = [f"{name} {said[name]}" for name in ("database", "log_key") if said[name] != "ok"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        parts = []
    return ", ".join(parts) or "whoever answers there cannot take it now", f"curl {ready}"


def _kept(answers: list[Answer], run: str) -> Iterator[Fault]:
    """What was taken and is not in this log."""
    taken = [answer.door for answer in answers if answer.is_taken]
    if elsewhere := [door for door in taken if not _is_kept(door, run)]:
        says = (
            f"What {_named(elsewhere)} took is not in this database: PUBLIC_BASE_URL,"
            f" {settings.PUBLIC_BASE_URL}, leads to another instance."
        )
        yield Fault("elsewhere", says, "PUBLIC_BASE_URL or DATABASE_URL, so that both are of one instance")


def _is_kept(door: str, run: str) -> bool:
    return any(record.key == f"smoke:{run}" for record in read.records(read.homes([f"smoke:{door}"])))


def _clock(answers: list[Answer]) -> Iterator[Fault]:
    off = [answer.off_s for answer in answers if answer.off_s is not None and abs(answer.off_s) > CLOCK_S]
    if off:
        worst = max(off, key=abs)
        side = "ahead of" if worst > 0 else "behind"
        says = f"The clock of who answers at PUBLIC_BASE_URL is {abs(worst):.0f} s {side} that of this host."
        yield Fault("clock", says, "chronyc -a makestep    # on both")


def _login(client: httpx.Client) -> Iterator[Fault]:
    """The page by which people come in, and everything that it is made of."""
    url = f"{settings.PUBLIC_BASE_URL}{reverse('login')}"
    answer = client.get(url)
    if answer.status_code != 200:
        says = f"The login page at {url} answered {answer.status_code}."
        paste = "manage.py prepare    # collects static files; and let the proxy pass on Host and path"
        yield Fault("login", says, paste)
        return
    links = [urljoin(url, link) for link in ASSET.findall(answer.text)]
    missing = [link for link in links if client.get(link).status_code != 200]
    if missing or not links:
        what = missing[0] if missing else "style sheet"
        says = f"The login page lacks {what}: static files are not collected, or the proxy hides them."
        yield Fault("static", says, "manage.py prepare    # where web has its CALLSTORE_STATIC_ROOT")


def _unreachable(error: Exception) -> Fault:
    where, why = settings.PUBLIC_BASE_URL, str(error) or type(error).__name__
    if "CERTIFICATE_VERIFY_FAILED" in why:
        says = f"The certificate of {where} does not hold, so that Twilio and OpenAI will not deliver: {why}."
        return Fault("tls", says, "ssl_certificate fullchain.pem;    # the whole chain, for this very name")
    says = f"{where} does not answer as providers ask it: {why}."
    return Fault("unreachable", says, f"curl -v {where}/healthz")
