"""The calls that a demo shows: the founding one as it was recorded, and a day that never happened.

Every call has the same ids each time, so a demo that was stopped half way is completed by the next.
"""

import shutil
import time
from collections.abc import Iterable, Iterator
from random import Random

from callstore.eventlog.reading.read import trace_of
from callstore.eventlog.writing.append import append
from callstore.rehearsal.demo import twilio_media
from callstore.rehearsal.scenarios import scenario as scenarios
from callstore.rehearsal.scenarios.rebase import rebased
from callstore.rehearsal.scenarios.scenario import LIBRARY, Scenario
from callstore.rehearsal.simulation.load import appended, calls, source
from callstore.rehearsal.simulation.story import story

FOUNDING = "founding_call"
CALLS, HOURS = 150, 24
SEED = "a day of the demo 35"  # one in which every kind of ending occurs
# The recorded calls stand among the others, all of their summaries delivered: those take half an hour.
FIRST_ENDED_S, APART_S = 2400, 8400


def founding_call() -> None:
    """Puts the founding call into the log with the times it had, unless it is there."""
    _take_in([scenarios.load(FOUNDING)])


def a_day() -> int:
    """Puts in what is missing of the other recorded calls and of a simulated day; how many of the latter."""
    last = story(source(SEED, CALLS - 1), time.time())
    if _is_in_the_log(last.meant["parent_call_sid"]):
        return 0
    _take_in(_recorded())
    missing = (
        told
        for told in calls(CALLS, seed=SEED, hours=HOURS)
        if not _is_in_the_log(told.meant["parent_call_sid"])
    )
    return sum(1 for _ in appended(missing))


def _recorded() -> Iterator[Scenario]:
    """The other recorded calls with recordings, moved into the last day and with ids of their own."""
    names = sorted(path.parent.name for path in LIBRARY.glob("*/deliveries.jsonl"))
    for number, name in enumerate(name for name in names if name != FOUNDING):
        call = scenarios.load(name)
        ended = time.time() - FIRST_ENDED_S - number * APART_S
        yield rebased(call, round(ended - scenarios.ended_at(call)), Random(f"{SEED}:{name}").choice)


def _take_in(recorded: Iterable[Scenario]) -> None:
    for call in recorded:
        if not _is_in_the_log(scenarios.leg(call) or ""):
            _keep_recording(call)  # first: the projection asks for it at once
            append(scenarios.drafts(call))


def _keep_recording(call: Scenario) -> None:
    """Puts the recording where the demo's stand-in for Twilio serves it from."""
    path = scenarios.recording_path(call)
    if call.recording and path:
        _, _, _, account, _, recording = path.split("/")
        place = twilio_media.place(account, recording)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(call.recording, place)


def _is_in_the_log(leg: str) -> bool:
    return trace_of(f"twilio:{leg}") is not None
