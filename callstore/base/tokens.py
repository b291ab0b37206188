"""Bearer tokens and passwords against those that are known."""

import hmac


def is_one_of(offered: str, known: list[str]) -> bool:
    """Whether a secret is one of these. All are compared: the time tells nothing of which was near."""
    given = offered.encode(errors="replace")
    return any([hmac.compare_digest(given, each.encode()) for each in known])
