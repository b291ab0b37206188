"""A keyed digest of the body in the header x-pigeon-ring."""

import hmac
from dataclasses import replace

from ingest.providers.pigeon.setting import SETTING

from ingest.providers.provider import Refused, configured, first

RING = "x-pigeon-ring"


def _ring(key, body):
    return hmac.digest(key.encode(), body, "sha256").hex()


def verify(delivery):
    """Raises Refused unless one of the keys made the ring."""
    ring = delivery.headers.get(RING, "").encode()
    rings = [_ring(key, delivery.body).encode() for key in configured(SETTING)]
    if not any([hmac.compare_digest(one, ring) for one in rings]):
        raise Refused("wrong ring" if ring else "no ring")


def sign(delivery, *, secret, base_url):
    """The delivery with its ring."""
    return replace(delivery, headers={**delivery.headers, RING: _ring(secret, delivery.body)})


def secret(delivery, keys):
    """The first key."""
    return first(SETTING, keys)
