"""What was known of a call when: folded from the log on request, never stored."""

from callstore.eventlog.reading import read
from callstore.projection.linker import component_of_id
from callstore.report.history import MOST, History, TooLong, history


def past(id: str) -> History:
    """The history of the call that an id belongs to, empty where there is none. Raises TooLong."""
    traces = component_of_id(id)
    if (facts := sum(read.heads(traces).values())) > MOST:
        raise TooLong(f"This call has {facts} facts; a history is told of {MOST} at most.")
    return history(read.records(traces))
