"""Which calls a file took away, entered while it is written: each slice before its rows are sent."""

from collections.abc import Iterable, Iterator

from callstore.people import exports
from callstore.projection.review.exports import flag_calls_of, flag_soon
from callstore.report.document import Document
from dashboard.export.incident import About

FLAGGED_AT_ONCE = 1_000  # calls; of a larger file the worker gives the flag, so that none is written slower


def entered(slices: Iterable[list[Document]], about: About, by: str, format: str) -> Iterator[list[Document]]:
    """The same slices. Their calls have the flag `exported` once the file ends.

    Of a large one, and of one that is broken off, the worker gives it.
    """
    exports.begin(about.id, by, format)
    calls = 0
    try:
        for documents in slices:
            if documents:
                exports.enter(about.id, [document["call_id"] for document in documents])
                calls += len(documents)
            yield documents
    except BaseException:
        # Nobody reads on. It may be garbage that ends here, in the middle of another statement of this
        # thread, whose connection would wait for itself for ever: so nothing is asked of it.
        flag_soon(about.id)
        raise
    if calls <= FLAGGED_AT_ONCE or not flag_soon(about.id):
        flag_calls_of(about.id)
