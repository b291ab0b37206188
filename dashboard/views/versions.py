"""Which version of what people share a change was made of, so that no change overwrites another unseen."""

import re

from django.http import HttpRequest

ETAG = re.compile(r'(?:W/)?"(\d{1,9})"')
NO_VERSION = 0  # nothing has it


def of_client(request: HttpRequest, sent: int | None) -> int | None:
    """The version that a client saw, None where it says none; one that is none of ours matches nothing."""
    match = request.headers.get("If-Match", "").strip()
    if match in ("", "*"):
        return sent
    found = ETAG.fullmatch(match)
    return int(found[1]) if found else NO_VERSION


def of_form(request: HttpRequest) -> int:
    """The version that a form was made of. One that is none matches nothing."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else NO_VERSION
