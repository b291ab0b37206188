"""What readers are shown of an event: numbers without their middle, pressed keys as stars. Pure."""

import re
from typing import Any

from dashboard.export.incident import redacted

# As JSON and as a form write it (RFC 3966's global numbers, percent-encoded or not).
NUMBER = re.compile(r"(\+|%2B)(\d{8,15})", re.ASCII)
PRESSED = re.compile(r"""((?:^|&)Digits=|"digits":\s*")([^&"]{2,})""", re.IGNORECASE)


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
    return "*" * len(value) if name == "digits" and len(value) > 1 else masked_text(value)
