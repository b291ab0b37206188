"""One call of 50,000 events that is not over: its projection from the log, and its lag behind new events.

A live call gets an event every 50 ms, with relay and worker as `up` runs them.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import os
import statistics
import time
from dataclasses import replace
from itertools import count
from uuid import UUID

import django

django.setup()

from benchmarks.fold import long_call
from benchmarks.harness.compare import demanded, table
from benchmarks.harness.running import caught_up, projection
from benchmarks.traffic.calls import batches
from callstore.domain.facts import events as ev
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.record import Draft, Record, Ref
from callstore.eventlog.db.statement import run
from callstore.eventlog.reading.cache import FactCache
from callstore.eventlog.writing import homes
from callstore.eventlog.writing.append import append
from callstore.projection import projector
from tests.builders import AI, CHILD, PARENT

SECONDS = float(os.environ.get("LIVE_SECONDS", "15"))
EVERY_S = 0.05
LOOK_S = 0.005  # how exactly a save is seen
ROUNDS = 5
OVER = (ev.DialFinished, ev.RecordingStatus, ev.RecordingAnalysed)


def under_way() -> list[Draft]:
    """Four hours of a call, up to this moment; its legs have not ended."""
    records = [
        record
        for record in long_call()
        if not isinstance(record.event, OVER) and getattr(record.event, "status", None) != "completed"
    ]
    moved = time.time() - max(record.received_at for record in records)
    return [draft(record, moved) for record in records]


def draft(record: Record, moved: float) -> Draft:
    """A told fact at this distance of time, with the ids that link it to the other legs."""
    event = record.event
    refs = (Ref("ParentCallSid", f"twilio:{PARENT}"),) if record.subject.endswith(CHILD) else ()
    if isinstance(event, ev.SessionOffered):
        refs = (Ref("sip_header", f"twilio:{CHILD}"),)
    return Draft(
        source=record.source, subject=record.subject, key=record.key, event=event, refs=refs, raw=b"{}",
        occurred=replace(record.occurred, at=record.occurred.at + moved),
        received_at=record.received_at + moved, sequence=record.sequence,
    )  # fmt: skip


def projected_s(trace: UUID) -> list[float]:
    """Read from the log, folded, judged and saved, by a worker that remembers nothing; sorted."""
    taken = []
    for _ in range(ROUNDS):
        projector.RECENT = FactCache(60_000)
        began = time.perf_counter()
        projector.project([trace], replay=True)
        taken.append(time.perf_counter() - began)
    return sorted(taken)


def lags_ms(trace: UUID, version: int, seconds: float, numbers: "count[int]") -> list[float]:
    """From each commit to the save that holds it. `version` is the trace's before the first."""
    lags: list[float] = []
    pending: list[tuple[int, float]] = []
    started, sent = time.monotonic(), 0
    while pending or sent * EVERY_S < seconds:
        if sent * EVERY_S < seconds and time.monotonic() >= started + sent * EVERY_S:
            append([frame(next(numbers))])
            sent += 1
            pending.append((version + sent, time.monotonic()))
        [(done,)] = run("SELECT done FROM log.head WHERE trace_id = %b", [trace])
        now = time.monotonic()
        lags += [(now - at) * 1000 for counted, at in pending if counted <= done]
        pending = [one for one in pending if one[0] > done]
        time.sleep(LOOK_S)
    return sorted(lags)


def frame(number: int) -> Draft:
    """One more event of the session."""
    now = time.time()
    return Draft(
        source="app", subject=f"openai:{AI}", key=f"live:{number}", raw=b"{}",
        event=ev.FrameSeen(connection="conn_1", kind="response.output_audio_transcript.delta"),
        occurred=Instant(now, Clock.APP, 1), received_at=now, sequence=1_000_000 + number,
    )  # fmt: skip


def main() -> None:
    drafts = under_way()
    for batch in batches(iter(drafts), 500):
        append(batch)
    trace = homes.home_of(drafts[-1]).trace
    taken = projected_s(trace)
    numbers = count()
    with projection():
        append([frame(next(numbers))])
        caught_up()
        [(version,)] = run("SELECT version FROM log.head WHERE trace_id = %b", [trace])
        lags = lags_ms(trace, version, SECONDS, numbers)
    cuts = statistics.quantiles(lags, n=100)
    table(
        ["a call of", "projects in, s", "an event every", "lag p50 ms", "p99 ms", "at most ms"],
        [
            (
                f"{len(drafts):,} events",
                statistics.median(taken),
                f"{EVERY_S * 1000:.0f} ms",
                cuts[49],
                cuts[98],
                lags[-1],
            )
        ],
    )
    demanded("a call of 4 hours and 50,000 events projects in, s", statistics.median(taken), most=2)
    demanded("a live call with an event every 50 ms lags at most, ms", lags[-1], most=1000)


if __name__ == "__main__":
    main()
