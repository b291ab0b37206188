"""The two digests of a row: of its content, under the call's key, and of everything the writer wrote."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from callstore.domain.facts import clear
from callstore.eventlog.crypto import canonical

VERSION = "callstore.event.1"
# Position and xid are the database's, and a seal covers them.
COVERED = (
    "bucket", "trace_id", "subject", "source", "dedup_key", "type", "schema_version", "occurred_at", "clock",
    "precision_ms", "received_at", "source_sequence", "refs", "facts", "personal", "body", "mac",
)  # fmt: skip
_covered = itemgetter(*COVERED)


def fingerprint(key: bytes, content: bytes) -> str:
    """32 hex digits that tell a fact from its neighbours, and nothing to whoever lacks the call's key."""
    return hmac.digest(key, b"fingerprint\0" + content, "sha256")[:16].hex()


def stand_in(key: bytes, written: str) -> str:
    """What stands in the clear where a text is sealed: it tells equal texts of a call, and no more."""
    content = b"stand-in\0" + written.encode(errors="replace")
    return clear.PREFIX + hmac.digest(key, content, "sha256")[:16].hex()


def instance_stand_in(written: str) -> str:
    """The same where no call's key serves: across calls, and for what stood in the clear before.

    Raises ImproperlyConfigured without a SECRET_KEY.
    """
    demand_secret_key()
    key = hmac.digest(settings.SECRET_KEY.encode(), b"callstore.stand-in", "sha256")
    return stand_in(key, written)


def demand_secret_key() -> None:
    """Raise ImproperlyConfigured where SECRET_KEY is the one that everybody knows."""
    if settings.SECRET_KEY == settings.NO_SECRET_KEY:
        raise ImproperlyConfigured("SECRET_KEY is not set: what stands for a SIP Call-ID could be guessed.")


def content_mac(key: bytes, type_: str, facts: bytes, personal: bytes | None) -> bytes:
    """32 bytes equal for the same content: tells a redelivery from a duplicate that contradicts."""
    return hmac.digest(key, b"content\0" + canonical.framed(type_, facts, personal), "sha256")


def row_sha(columns: Mapping[str, Any]) -> bytes:
    """SHA-256 over the columns of log.event that the writer gives, ciphertexts as they are.

    `facts` may be the JSON as written or the value as read: it is spelled the same. Survives erasure,
    since no key is needed.
    """
    return sha_of(_covered(columns))


def sha_of(covered: Iterable[Any]) -> bytes:
    """The same over the values of those columns, in the order of COVERED."""
    return hashlib.sha256(canonical.framed(VERSION, *covered)).digest()
