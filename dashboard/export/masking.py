"""What readers are shown of an event or a call: numbers without their middle, pressed keys as stars. Pure."""

import re
from typing import Any

from dashboard.export.incident import redacted

# As JSON and as a form write it (RFC 3966's global numbers, percent-encoded or not).
NUMBER = re.compile(r"(\+|%2B)(\d{8,15})", re.ASCII)
PRESSED = re.compile(r"""((?:^|&)Digits=|"digits":\s*")([^&"]{2,})""", re.IGNORECASE)
# Fields that hold nothing but an address, which may be one without a plus; and keys that were pressed.
ADDRESSES = frozenset({"from", "to", "caller", "called"})
KEYS = frozenset({"digits", "dtmf"})
ADDRESS = re.compile(r"\+?\d{8,}|(?:sips?|tel|client|whatsapp):.+", re.ASCII | re.IGNORECASE)
FIELDS = rb'"(?:from|to|caller|called|digits|dtmf)":\s*"[^"]{2}'
HOLDS = re.compile(rb'(?:\+|%2B)\d{8}|Digits=|digits\\"|' + FIELDS, re.IGNORECASE)


def masked_text(text: str) -> str:
    """A delivery, or any text, with its telephone numbers and pressed keys masked."""
    text = NUMBER.sub(lambda found: found[1] + str(redacted(f"+{found[2]}"))[1:], text)
    return PRESSED.sub(lambda found: found[1] + "*" * len(found[2]), text)


def masked(value: Any, name: str = "") -> Any:
    """A value of an event's facts with whatever is a number or a key in it masked; `name` is its field's."""
    if isinstance(value, dict):
        return {key: masked(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [masked(each, name) for each in value]
    if not isinstance(value, str):
        return value
    if name in ADDRESSES:
        return masked_address(value)
    return "*" * len(value) if name in KEYS and len(value) > 1 else masked_text(value)


def masked_address(text: str) -> str:
    """A number or an address without what tells whose it is; any other text as `masked_text` has it."""
    return str(redacted(text)) if ADDRESS.fullmatch(text) else masked_text(text)


def may_hold_numbers(content: bytes) -> bool:
    """Whether JSON may hold what `masked` masks: sooner known than by masking it."""
    return HOLDS.search(content) is not None
