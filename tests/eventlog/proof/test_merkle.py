"""The tree of a seal is the one that the RFC describes."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from callstore.eventlog.proof.merkle import Tree
from callstore.eventlog.reading.feed import Cursor


def plainly(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word: split at the largest power of two smaller than n."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + plainly(leaves[:k]) + plainly(leaves[k:])).digest()


@given(st.integers(1, 300))
def test_the_tree_is_that_of_the_rfc(n):
    tree, leaves = Tree(), []
    for i in range(n):
        tree.add(Cursor(1, 5, i), bytes([i % 256]) * 32)
        leaves.append(hashlib.sha256(b"\0" + f"1 5 {i} ".encode() + bytes([i % 256]) * 32).digest())
    assert tree.root() == plainly(leaves)
