"""A call as it stood when one of its events had arrived: folded from the log on request and never stored."""

from typing import Any, NamedTuple

from django.conf import settings

from callstore.domain.call import linking
from callstore.domain.facts.clock import iso
from callstore.domain.facts.events import CallErased
from callstore.projection.on_request.facts import facts
from callstore.report.document import Document
from callstore.report.report import report
from callstore.report.stable.groups import Review


class AsOf(NamedTuple):
    """`events` of `all_events` had come at `at` (ISO 8601); `call` is what they alone give."""

    call: Document
    position: int
    at: str
    events: int
    all_events: int


def as_of(call: Document, position: int) -> AsOf | None:
    """The call as it was known when its event of this position came; None if it has it not. Raises TooLong.

    What people decided is as it stands now, and what calls beside it show is left out.
    """
    came = sorted(facts(call["call_id"]), key=lambda record: (record.received_at, record.position))
    count = next((count for count, record in enumerate(came, 1) if record.position == position), None)
    if count is None:
        return None
    # What was erased since then is not shown as it was before.
    known = came[:count] + [record for record in came[count:] if isinstance(record.event, CallErased)]
    judged: Any = {**report(known, settings.FINISH_TOOLS), "links": linking.links(known)}
    judged |= {name: call.get(name) for name in ("call_id", *Review.__annotations__)}
    return AsOf(judged, position, iso(came[count - 1].received_at), count, len(came))
