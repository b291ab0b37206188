"""A telephone number or an address without what tells whose it is. Pure."""

import re

PHONE = re.compile(r"\+?\d{8,}", re.ASCII)
KEPT_FRONT, KEPT_BACK = 5, 2  # of a number: its country and area, and enough to tell two apart


def redacted(number: str | None) -> str | None:
    """A telephone number without its middle, +8135*****23; of any other address only its scheme."""
    if not number:
        return None
    if PHONE.fullmatch(number):
        hidden = "*" * (len(number) - KEPT_FRONT - KEPT_BACK)
        return number[:KEPT_FRONT] + hidden + number[-KEPT_BACK:]
    scheme, colon, _ = number.partition(":")
    return f"{scheme}:***" if colon else "***"
