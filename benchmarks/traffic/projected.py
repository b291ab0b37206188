"""Realistic calls put into an empty log and projected, to be multiplied in place."""

from benchmarks.traffic.calls import stories
from callstore.eventlog.db.statement import run
from callstore.eventlog.writing.append import append
from callstore.projection import projector

AT_ONCE = 20  # traces, as of a worker's task


def project(count: int) -> None:
    """So many different calls, told, folded and saved."""
    for call in stories(count):
        append(call)
    traces = [trace for (trace,) in run("SELECT trace_id FROM log.head", [])]
    for start in range(0, len(traces), AT_ONCE):
        projector.project(traces[start : start + AT_ONCE])
