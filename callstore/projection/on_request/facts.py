"""All facts of a call for whoever asks, where they are not more than a process that serves has memory for."""

from callstore.domain.facts.record import Record
from callstore.eventlog.heads import versions
from callstore.eventlog.reading import read
from callstore.projection.linker import component_of_id
from callstore.report import history


def facts(call_id: str) -> list[Record]:
    """The call's facts, counted before they are read. Raises report.history.TooLong."""
    traces = component_of_id(call_id)
    if (count := sum(head.version for head in versions.read(traces).values())) > history.LONGEST:
        raise history.TooLong(count)
    return read.records(traces)
