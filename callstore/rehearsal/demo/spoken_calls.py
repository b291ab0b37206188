"""A demo's calls with recordings: one of every ending, by all witnesses, and then as a day has them."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from callstore.rehearsal.labelled.calls import write
from callstore.rehearsal.labelled.endings import ENDINGS
from callstore.rehearsal.labelled.scene import Scene, scene
from callstore.rehearsal.scenarios import scenario as scenarios
from callstore.rehearsal.scenarios.rebase import rebased
from callstore.rehearsal.scenarios.scenario import Scenario
from callstore.rehearsal.simulation.endings import ENDINGS as OF_A_DAY

SEED = 35
WITH_RECORDINGS = 100
OFF = {"skewed", "skewed_far"}  # all are calls of one application, whose clock is not off for some of them


def scenes() -> Iterator[Scene]:
    """The calls in the order in which they are told: the same each time, and quickly drawn."""
    rng = Random(SEED)
    day, weights = list(OF_A_DAY), [ending.weight for ending in OF_A_DAY.values()]
    untold = [*ENDINGS]
    number = heard = 0
    while heard < WITH_RECORDINGS:
        drawn = scene(SEED, number, untold[0] if untold else rng.choices(day, weights)[0])
        number += 1
        if OFF & drawn.conditions or (untold and drawn.witnesses != "all"):
            continue  # somebody would have missed what it shows
        del untold[:1]
        heard += drawn.recorded is not None
        yield drawn


def told(wanted: list[Scene], newest_ended: float, apart_s: float) -> Iterator[Scenario]:
    """These calls, their recordings spoken; each ended so many seconds before the one ahead of it.

    A recording is there until the next call is asked for.
    """
    for drawn in wanted:
        with TemporaryDirectory() as folder:
            call = scenarios.load(write(Path(folder), SEED, drawn.number, drawn.ending))
            ended = newest_ended - drawn.number * apart_s
            yield rebased(call, round(ended - scenarios.ended_at(call)), None)
