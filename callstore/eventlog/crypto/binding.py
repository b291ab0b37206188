"""Where a ciphertext belongs: moved to another row it does not open."""

from uuid import UUID

UUID_SIZE = (16).to_bytes(8, "big")


def place(trace: UUID, subject: str, source: str, dedup_key: str) -> bytes:
    """The associated data of a row's ciphertexts."""
    return place_in(trace.bytes, subject, source, dedup_key)


def place_in(trace: bytes, subject: str, source: str, dedup_key: str) -> bytes:
    """canonical.framed of the four, written out: a rebuild asks for it 30,000 times a second."""
    a, b, c = subject.encode(), source.encode(), dedup_key.encode()
    size = int.to_bytes
    return b"".join((UUID_SIZE, trace, size(len(a), 8), a, size(len(b), 8), b, size(len(c), 8), c))
