"""The bytes of a recording by HTTP Range, so that a player can seek (RFC 9110 §14)."""

import re

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from callstore.media.kinds import content_type
from callstore.media.storage import storage

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def serve(request: HttpRequest, key: str) -> HttpResponseBase | None:
    """The answer to GET or HEAD for stored bytes: 200, 206, 304 or 416. None where nothing is kept."""
    store = storage()
    size = store.size(key)
    if size is None:
        return None
    etag = f'"{key}-{size}"'  # a recording is written once; its name says which
    span = _span(request, etag, size)
    if request.headers.get("If-None-Match") in (etag, "*"):
        return _described(HttpResponse(status=304), etag)
    if span is not None and not span:
        refused = _described(HttpResponse(status=416), etag)
        refused["Content-Range"] = f"bytes */{size}"
        return refused
    start, length = (0, size) if span is None else (span.start, len(span))
    chunks = () if request.method == "HEAD" else store.chunks(key, start, length)
    answer = StreamingHttpResponse(
        chunks, status=200 if span is None else 206, content_type=content_type(key)
    )
    answer["Content-Length"] = str(length)
    if span is not None:
        answer["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
    return _described(answer, etag)


def _span(request: HttpRequest, etag: str, size: int) -> range | None:
    """The bytes asked for, an empty range where there are none such; None asks for all.

    What cannot be read as one range is answered with everything, as the RFC allows.
    """
    found = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if not found or found[0] == "bytes=-" or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = found.groups()
    if not first:
        return range(max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(size, int(last) + 1) if last else size)


def _described(answer: HttpResponseBase, etag: str) -> HttpResponseBase:
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = etag
    return answer
