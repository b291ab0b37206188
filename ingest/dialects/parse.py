"""Lenient readers of what others wrote: each gives a clean value or None, and none ever raises."""

import hashlib
import math
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

from callstore.domain.facts.clock import unix

# Outside these years a stamp is a broken clock, and the log's timestamps and partitions need not hold it.
EARLIEST = 946_684_800.0  # 2000-01-01
LATEST = 4_102_444_800.0  # 2100-01-01
# Epoch numbers above this are milliseconds: as seconds they would lie after the year 5000.
MILLISECONDS_FROM = 100_000_000_000
INT32 = 2**31 - 1
INT64 = 2**63 - 1
# A key is part of a primary key; Postgres refuses index rows above 2,704 bytes.
KEY_LIMIT = 200
SCALAR = (str, int, float)  # as a tuple: a union would be made anew at each look


def text(value: object) -> str | None:
    """A string that is not blank, without NUL, which Postgres cannot hold."""
    if type(value) is not str and (isinstance(value, bool) or not isinstance(value, SCALAR)):
        return None
    return str(value).replace("\0", "").strip() or None


def code(value: object) -> str | None:
    """A provider's code as text; 0 means that nothing went wrong."""
    found = text(value)
    return None if found == "0" else found


def integer(value: object, most: int = INT32) -> int | None:
    """A whole number, written as a number or as digits."""
    if isinstance(value, bool) or not isinstance(value, SCALAR):
        return None
    try:
        found = int(value)
    except (ValueError, OverflowError):
        return None
    return found if abs(found) <= most else None


def number(value: object) -> float | None:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, SCALAR):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and abs(found) < LATEST * 1000 else None


def truth(value: object) -> bool | None:
    """true or false, as JSON or as Twilio's words."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def sip_status(value: object) -> int | None:
    """A SIP response code."""
    found = integer(value)
    return found if found is not None and 100 <= found <= 699 else None


def mapping(value: object) -> Mapping[str, Any]:
    """A JSON object, or an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def iso_time(value: object) -> float | None:
    """ISO 8601 to Unix seconds."""
    if not isinstance(value, str):
        return None
    try:
        return _plausible(unix(value))
    except (ValueError, OverflowError):
        return None


def mail_time(value: object) -> float | None:
    """RFC 2822 to Unix seconds; no offset is read as UTC."""
    return _mail_time(value) if isinstance(value, str) else None


@lru_cache(maxsize=64)  # many callbacks are stamped with the same second
def _mail_time(written: str) -> float | None:
    try:
        moment = parsedate_to_datetime(written)
        return _plausible((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def any_time(value: object) -> float | None:
    """ISO 8601, or seconds or milliseconds since 1970, to Unix seconds."""
    found = number(value)
    if found is None:
        return iso_time(value)
    return _plausible(found / 1000 if abs(found) >= MILLISECONDS_FROM else found)


def _plausible(moment: float) -> float | None:
    return moment if EARLIEST <= moment < LATEST else None


def named(*parts: object) -> str:
    """A key or subject of these parts, cut to a length an index can hold without two becoming one."""
    whole = ":".join(map(str, parts)).replace("\0", "")
    if len(whole) <= KEY_LIMIT:
        return whole
    return f"{whole[: KEY_LIMIT - 65]}~{hashlib.sha256(whole.encode(errors='replace')).hexdigest()}"
