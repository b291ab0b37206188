"""How often somebody may try: ten failures a minute by one name, and ten from one address.

And how often a stranger may do what leaves a row behind.

Why no library does it: docs/adr/0019-kept-by-hand.md.
"""

import hashlib
import logging
import unicodedata

from redis import RedisError

from callstore.base.valkey import valkey

log = logging.getLogger(__name__)

MOST = 10
WINDOW_S = 60


def begin(name: str | None, address: str) -> int:
    """Count an attempt, before its password is looked at; how many seconds it has to wait, 0 if none.

    Where a provider says who it is, there is no name yet.

    Counted first, so that those who try at the same moment are not all the first. Who has to wait is told in
    the log once a minute. Where Valkey does not answer nobody waits.
    """
    try:
        for what, key in _keys(name, address).items():
            count, seconds = _add(key, 1)
            if count == MOST + 1:
                log.warning("logins by %s are refused for %d s: %d failed in a minute", what, seconds, MOST)
            if count > MOST:
                return max(1, seconds)
    except RedisError as error:
        log.warning("login attempts are not counted: Valkey does not answer (%s)", type(error).__name__)
    return 0


def take_back(name: str | None, address: str) -> None:
    """Count it no longer: it was no failure."""
    try:
        for key in _keys(name, address).values():
            _add(key, -1)
    except RedisError:
        pass  # nor was it counted


def asked_again(what: str, most: int) -> int:
    """Count what strangers may do so often a minute; how many seconds this one has to wait, 0 if none."""
    try:
        count, seconds = _add(f"callstore:login:asked:{what}", 1)
    except RedisError:
        return 0
    return max(1, seconds) if count > most else 0


def _keys(name: str | None, address: str) -> dict[str, str]:
    """Where the counts stand, by what they are of. The address first: who is refused by it harms no name."""
    from_there = {f"address {address or 'unknown'}": f"callstore:login:address:{address}"}
    if name is None:
        return from_there
    same = unicodedata.normalize("NFKC", name).casefold()
    digest = hashlib.sha256(same.encode(errors="replace")).hexdigest()
    return {**from_there, f"name {name[:150]!r}": f"callstore:login:name:{digest}"}


def _add(key: str, number: int) -> tuple[int, int]:
    """The count and how many seconds it stands: so long from the first of them."""
    with valkey().pipeline() as pipeline:
        pipeline.set(key, 0, ex=WINDOW_S, nx=True)
        pipeline.incrby(key, number)
        pipeline.ttl(key)
        _, count, seconds = pipeline.execute()
    return int(count), int(seconds)
