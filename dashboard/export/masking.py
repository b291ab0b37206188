"""What readers are shown of an event or a call: numbers without their middle, pressed keys as stars. Pure."""

import re
from typing import Any
from urllib.parse import quote_plus, unquote_plus

import orjson

from callstore.report.disguise.deliveries import is_json
from callstore.report.disguise.values import TOO_DEEP
from dashboard.export.redaction import redacted

# As JSON and as a form write it (RFC 3966's global numbers, percent-encoded or not).
NUMBER = re.compile(r"(\+|%2B)(\d{8,15})", re.ASCII)
PRESSED = re.compile(r"""((?:^|&)Digits=|"digits":\s*")([^&"]{2,})""", re.IGNORECASE)
# Fields, in small letters, that hold an address however it is spelt, or whose it is; and pressed keys.
ADDRESSES = frozenset({
    "from", "to", "caller", "called", "forwardedfrom", "calledvia", "callername", "dialcallto", "callerid",
})  # fmt: skip
KEYS = frozenset({"digits", "dtmf"})
# What `from` and `to` are of a window of time.
MOMENT = re.compile(r"now|today|[-+]?\d{1,4}[a-z]+|\d{4}-\d\d(?:-\d\d.*)?", re.ASCII | re.IGNORECASE)
# What of an answer in small letters shows that it may hold such: how it begins, which is looked for first
# since it is found twenty times as fast, and how it goes on.
HOLDS = [
    (begins.encode(), re.compile(re.escape(begins.encode()) + goes_on))
    for begins, goes_on in (
        ("+", rb"\d{8}"), ("%2b", rb"\d{8}"), ("digits=", b""), ('digits\\"', b""),
        *((f'"{field}":', rb'\s*\[?\s*"[^"]{2}') for field in sorted(ADDRESSES | KEYS)),
    )
]  # fmt: skip


def masked_text(text: str) -> str:
    """Any text with its telephone numbers and pressed keys masked."""
    text = NUMBER.sub(lambda found: found[1] + str(redacted(f"+{found[2]}"))[1:], text)
    return PRESSED.sub(lambda found: found[1] + "*" * len(found[2]), text)


def masked_body(body: str) -> str:
    """A delivery, a form or JSON, with each field masked by its name; what is neither as `masked_text`."""
    if is_json(body):
        try:
            given = orjson.loads(body)
            shown = masked(given)
            return body if shown == given else orjson.dumps(shown).decode()
        except (orjson.JSONDecodeError, *TOO_DEEP):
            return masked_text(body)
    if "=" not in body:
        return masked_text(body)
    return "&".join(map(_pair, body.split("&")))


def _pair(pair: str) -> str:
    name, is_, value = pair.partition("=")
    plain = unquote_plus(value)
    shown = masked(plain, unquote_plus(name))
    return pair if shown == plain else f"{name}{is_}{quote_plus(shown, safe='*:')}"


def masked(value: Any, name: str = "") -> Any:
    """A value of an event's facts with whatever is a number or a key in it masked; `name` is its field's."""
    if isinstance(value, dict):
        return {key: masked(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [masked(each, name) for each in value]
    if not isinstance(value, str):
        return value
    name = name.lower()
    if name in ADDRESSES:
        return masked_address(value)
    if name in KEYS and len(value) > 1:
        return "*" * len(value)
    return masked_body(value) if is_json(value) else masked_text(value)


def masked_address(text: str) -> str:
    """A number, an address or a name without what tells whose it is; a moment stays."""
    return text if MOMENT.fullmatch(text) else redacted(text) or ""


def may_hold_numbers(content: bytes) -> bool:
    """Whether JSON may hold what `masked` masks: sooner known than by masking it."""
    small = content.lower()
    return any(begins in small and whole.search(small) for begins, whole in HOLDS)
