"""A stretch of a recording for download, cut from the stored bytes without reading all of them."""

import io
from itertools import chain

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from callstore.media.storage import storage
from callstore.media.store import CHUNK, NotKept, Store

LONGEST_S = 3600.0  # of one download; the whole recording is there too


class StoredFile(io.RawIOBase):
    """The bytes under a key as a file that is read where it is asked for."""

    def __init__(self, store: Store, key: str, size: int) -> None:
        self._store, self._key, self._size, self._at = store, key, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._size - self._at)
        length = left if size < 0 else min(size, left)
        found = b"".join(self._store.chunks(self._key, self._at, length)) if length else b""
        self._at += len(found)
        return found

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]  # of any buffer
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)


def serve(request: HttpRequest, key: str, start: float, end: float, name: str) -> HttpResponseBase:
    """The answer to GET or HEAD for the seconds from `start` to `end` of a stored recording, as a WAV.

    Raises NotKept; Unreadable for bytes that are no sound; ValueError where nothing lies there or too much.
    """
    from callstore.audio.excerpt import excerpt
    from callstore.audio.wave import Sound

    if end - start > LONGEST_S:
        raise ValueError(f"at most {LONGEST_S:.0f} s can be had at once")
    store = storage()
    size = store.size(key)
    if size is None:
        raise NotKept(key)
    sound = Sound(io.BufferedReader(StoredFile(store, key, size), CHUNK))
    length, pieces = excerpt(sound, start, end)
    if request.method == "HEAD":
        answer: HttpResponseBase = HttpResponse(content_type="audio/wav")
    else:
        # The first sound is read here: what cannot be is an error, and no answer that ends early.
        first = [next(pieces), next(pieces)]
        answer = StreamingHttpResponse(chain(first, pieces), content_type="audio/wav")
    answer["Content-Length"] = str(length)
    answer["Content-Disposition"] = f'attachment; filename="{name}.wav"'
    answer["Accept-Ranges"] = "none"
    return answer
