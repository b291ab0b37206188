"""Bytes by key in one folder."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from callstore.media.store import CHUNK, KEY, NotKept


class Folder:
    """Bytes by key. Calls are private: nobody but our user may read what lies there."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, source: BinaryIO) -> None:
        """Keeps everything `source` has from its start on. Readers see the old bytes or all the new."""
        path = self._path(key)
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=self.root, prefix=f".{key}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                source.seek(0)
                shutil.copyfileobj(source, file, CHUNK)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise

    def remove(self, key: str) -> bool:
        """Forgets the bytes, and what a killed `put` of them has left; whether there were any."""
        path = self._path(key)
        found = [path, *self.root.glob(f".{key}.*")]
        there = [file for file in found if file.exists()]
        for file in there:
            file.unlink(missing_ok=True)
        return bool(there)

    def size(self, key: str) -> int | None:
        """The number of bytes, or None where there are none."""
        try:
            return self._path(key).stat().st_size
        except FileNotFoundError:
            return None

    def read(self, key: str) -> bytes:
        """All bytes. Raises NotKept."""
        return b"".join(self.chunks(key))

    def chunks(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` on, `length` of them or to the end, a chunk at a time.

        Raises NotKept before the first chunk is asked for.
        """
        try:
            file = self._path(key).open("rb")
        except FileNotFoundError:
            raise NotKept(key) from None
        return _chunks(file, start, length)

    def _path(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise NotKept(key)
        return self.root / key


def _chunks(file: BinaryIO, start: int, length: int | None) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while length is None or length > 0:
            chunk = file.read(CHUNK if length is None else min(CHUNK, length))
            if not chunk:
                return
            length = None if length is None else length - len(chunk)
            yield chunk
