"""Ids as providers and applications write them, found in any text, and others of the same shape."""

import string
from collections.abc import Callable, Sequence

from callstore.domain.facts import ids

# Twilio's SIDs but an account's; the ids of OpenAI and of the application; SIP Call-IDs; idempotency tokens.
OF_A_CALL = (
    rf"(?P<sid>CA|RE|NO|EZ|VW|CF|MZ|GT|TR){ids.DIGITS}"
    r"|(?<![A-Za-z0-9_])(?P<prefixed>(?:rtc|live)_(?:u\d_)?|"
    r"(?:sess|item|conn|event|resp|conv|call|evt|wh|req)_|ce-)[A-Za-z0-9]{10,}"
    r"|(?<![0-9a-f])(?P<dialog>)[0-9a-f]{32}(?=@|%40)"
    r"|(?<![0-9a-f])(?P<token>)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])"
)


def another(id_: str, prefix: str, choose: Callable[[Sequence[str]], str]) -> str:
    """An id of the same shape behind the same prefix, its letters as `choose` picks them."""
    rest = id_.removeprefix(prefix)
    hexadecimal = set(rest) <= set(string.hexdigits.lower() + "-")
    letters = string.hexdigits[:16] if hexadecimal else string.ascii_letters + string.digits
    return prefix + "".join(choose(letters) if c.isalnum() else c for c in rest)
