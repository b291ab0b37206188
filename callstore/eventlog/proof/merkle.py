"""What a seal is made of: a Merkle tree (RFC 6962) and a chain. docs/proof.md has the same for readers."""

import hashlib

from callstore.eventlog.reading.feed import Cursor

VERSION = "callstore.seal.1"


class Tree:
    """The root of any number of leaves in the memory of a few."""

    def __init__(self) -> None:
        self.size = 0
        self._subtrees: list[tuple[int, bytes]] = []  # whole ones, each smaller than the one before it

    def add(self, at: Cursor, row_sha: bytes) -> None:
        """The next event: its place in the feed and the digest of its row."""
        self.size += 1
        size, node = 1, hashlib.sha256(b"\0%d %d %d " % at + row_sha).digest()
        while self._subtrees and self._subtrees[-1][0] == size:
            node = _join(self._subtrees.pop()[1], node)
            size *= 2
        self._subtrees.append((size, node))

    def root(self) -> bytes:
        """32 bytes. A tree without leaves has none: raises IndexError."""
        node = self._subtrees[-1][1]
        for _, left in reversed(self._subtrees[:-1]):
            node = _join(left, node)
        return node


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def link(no: int, to: Cursor, n: int, sealed_at: str, root: bytes, prev: bytes) -> bytes:
    """The digest of a seal and, through the one before it, of all before it."""
    text = f"{VERSION} {no} {to.epoch} {to.xid} {to.position} {n} {sealed_at} {root.hex()} {prev.hex()}"
    return hashlib.sha256(text.encode()).digest()
