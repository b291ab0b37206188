"""Recorded calls as somebody spoilt them: deliveries by a seed, and the facts that they add up to."""

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import RecordingAnalysed, RecordingStatus
from callstore.domain.facts.record import AUDIO, Record
from callstore.rehearsal.evaluation.evaluate import recorded
from callstore.rehearsal.scenarios.rebase import rebased
from callstore.rehearsal.scenarios.scenario import load
from ingest.providers.delivery import Delivery
from ingest.providers.provider import normalise
from tests.hostile.deliveries import mutated
from tests.places import SCENARIOS

FOLDERS = sorted(path.parent for path in SCENARIOS.glob("*/scenario.json"))


_loaded = cache(load)


def spoilt(folder: Path, seed: object, *, fresh: bool = False) -> tuple[list[Delivery], list[str]]:
    """The call of a folder, with ids of its own if `fresh`, after the changes of this seed; and these."""
    scenario, chance = _loaded(folder), random.Random(f"{folder.name} {seed}")
    if fresh:
        scenario = rebased(scenario, 0, chance.choice)
    return mutated(list(scenario.deliveries), chance)


def facts(deliveries: list[Delivery], seed: object) -> list[Record]:
    """What the deliveries add up to, their recordings heard, as the log would hold it of a call."""
    drafts = [draft for delivery in deliveries for draft in normalise(delivery)]
    kept = [recorded(draft, position) for position, draft in enumerate(drafts, 1) if draft.is_of_a_call]
    return [*kept, *_heard(kept, random.Random(f"heard {seed}"))]


def _heard(kept: list[Record], chance: random.Random) -> Iterator[Record]:
    for record in kept:
        told = record.event
        if not isinstance(told, RecordingStatus) or told.status != "completed" or chance.random() < 0.2:
            continue
        length = chance.choice([0.5, 29.0, 29.0, 7200.0])
        a, b, c, d, e, f, g, h = sorted(round(chance.uniform(0, length), 3) for _ in range(8))
        event = RecordingAnalysed(
            recording=told.recording, analyser="test/1", duration_s=length, sample_rate=8000,
            channels=chance.choice([1, 2]), sha256="0", media="m", peaks="p",
            caller=((a, b), (e, f)), agent=((c, d),), echo=((g, h),),
        )  # fmt: skip
        at = record.received_at + 5
        yield replace(
            record,
            position=record.position + 100_000,
            source=AUDIO,
            key=f"analysed:{record.position}",
            event=event,
            occurred=Instant(at, Clock.RECEIVER),
            received_at=at,
            sequence=None,
        )
