"""One delivery as it lies in the spool: framed, so that half of it is noticed, and sealed like the log's."""

import json
import struct
import zlib
from typing import NamedTuple

from callstore.eventlog.crypto import body
from ingest.providers.delivery import Delivery

FRAME = struct.Struct("!IIQ")  # bytes that follow, CRC-32 of them and the stamp, the stamp
STAMP = struct.Struct("!Q")  # nanoseconds since 1970: in which order deliveries came, whoever spooled them
# What proved the sender has done its work, and opens doors.
SECRET_HEADERS = {"authorization", "proxy-authorization", "cookie"}


class Frame(NamedTuple):
    """A whole record, still sealed, and how many bytes it takes."""

    stamp: int
    sealed: bytes
    size: int


def framed(key: bytes, stamp: int, delivery: Delivery) -> bytes:
    """The bytes to write."""
    headers = {name: value for name, value in delivery.headers.items() if name not in SECRET_HEADERS}
    said = {
        "door": delivery.door,
        "path": delivery.path,
        "headers": headers,
        "received_at": delivery.received_at,
    }
    sealed = body.seal(key, json.dumps(said).encode() + b"\n" + delivery.body, STAMP.pack(stamp))
    return FRAME.pack(len(sealed), _checksum(stamp, sealed), stamp) + sealed


def opened(key: bytes, frame: Frame) -> Delivery:
    """The delivery of a frame. Raises cryptography's InvalidTag for a changed byte or another key."""
    said, _, raw = body.unseal(key, frame.sealed, STAMP.pack(frame.stamp)).partition(b"\n")
    return Delivery(**json.loads(said), body=raw)


def frame_at(data: bytes, at: int) -> Frame | None:
    """The frame that begins there; None where none does, or not all of it is there."""
    if len(data) - at < FRAME.size:
        return None
    length, checksum, stamp = FRAME.unpack_from(data, at)
    if len(data) - at - FRAME.size < length:
        return None
    sealed = data[at + FRAME.size : at + FRAME.size + length]
    if _checksum(stamp, sealed) != checksum:
        return None
    return Frame(stamp, sealed, FRAME.size + length)


def next_whole(data: bytes) -> int | None:
    """Where the first whole frame begins, however much before it is damaged; None where none does."""
    return next((at for at in range(len(data)) if frame_at(data, at)), None)


def _checksum(stamp: int, sealed: bytes) -> int:
    return zlib.crc32(sealed, zlib.crc32(STAMP.pack(stamp)))
