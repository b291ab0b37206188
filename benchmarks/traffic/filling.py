"""What the processes of the benchmark `rebuild` do; they begin with nothing imported."""

from pathlib import Path

from redis import Redis

from callstore.domain.facts.record import Draft

BATCH = 1500  # drafts in one append
PEAKS = "bench:peaks"


def append_copies(told: list[list[Draft]], events: int) -> int:
    """Append calls of about so many events together; how many they are."""
    from benchmarks.traffic.calls import copies
    from callstore.eventlog.writing.append import append

    made = 0
    drafts: list[Draft] = []
    for call in copies(told):
        drafts += call
        made += len(call)
        if len(drafts) >= BATCH or made >= events:
            append(drafts)
            drafts = []
        if made >= events:
            break
    return made


def weighed(chunk):  # type: ignore[no-untyped-def]  # a Chunk, whose module needs Django set up
    """As filling.fill, and leaves the peak memory of this process (MB) in the broker."""
    from django.conf import settings

    from callstore.projection.rebuild import fill

    events = fill.fill(chunk)
    # Not getrusage, whose peak is that of the process from which this one was forked, too.
    status = Path("/proc/self/status").read_text()
    with Redis.from_url(settings.REDIS_URL) as valkey:
        valkey.sadd(PEAKS, int(status.partition("VmHWM:")[2].split()[0]) // 1024)
    return events
