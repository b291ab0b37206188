"""What spool and sources tell on /metrics."""

import time
from collections.abc import Sequence
from typing import get_args

from django.conf import settings

from callstore.health.figures import Figure, Group, Samples, alone
from callstore.health.sources import Source, State
from ingest.recordings import trouble
from ingest.sources.sources import sources
from ingest.spool.backlog import STUCK, backlog

LATELY = {
    "told_again": "Facts that a source told again within the last hour, of which we had each.",
    "disordered": "Facts of the last hour that came after one of their stream which happened later.",
    "fetched": "Tries to fetch something for a source within the last hour.",
    "fetched_again": "How many of these followed one that failed.",
}


def _spool() -> tuple[Samples, ...]:
    found = backlog()
    oldest_s = 0.0 if found.oldest is None else max(0.0, time.time() - found.oldest)
    limit = settings.SPOOL_LIMIT_MB * 2**20
    stuck: Samples = {(state,): found.files[suffix] for suffix, state in STUCK.items()}
    return alone(found.bytes), alone(limit), alone(found.records), alone(oldest_s), stuck


def _recordings() -> tuple[Samples]:
    return (alone(trouble.told() == "ok"),)


def _lately(found: Sequence[Source], name: str) -> Samples:
    return {(each.source,): getattr(each.how_lately, name) for each in found}


def _sources() -> tuple[Samples, ...]:
    found = sources()
    return (
        {(each.source, state): each.state == state for each in found for state in get_args(State)},
        {(each.source,): each.count for each in found},
        *(_lately(found, name) for name in LATELY),
    )


SPOOL = Group(
    (
        Figure("callstore_spool_bytes", "Bytes that wait in the spool."),
        Figure("callstore_spool_limit_bytes", "How many there may be."),
        Figure("callstore_spool_records", "Deliveries that wait in the spool."),
        Figure("callstore_spool_oldest_seconds", "For how long the oldest of them has waited."),
        Figure("callstore_spool_files", "Files of the spool that wait for somebody.", ("state",)),
    ),
    _spool,
)
RECORDINGS = Group(
    (Figure("callstore_recordings_kept", "Whether the last recording that came could be kept."),), _recordings
)
SOURCES = Group(
    (
        Figure("callstore_source_state", "1 at the state that a source is in.", ("source", "state")),
        Figure("callstore_source_facts_hour", "Facts of a source within the last hour.", ("source",)),
        *(Figure(f"callstore_source_{name}_hour", about, ("source",)) for name, about in LATELY.items()),
    ),
    _sources,
)
