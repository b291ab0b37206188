"""The calls that a demo shows: the founding one as it was recorded, and a day that never happened.

Every call has the same ids each time, so a demo that was stopped half way is completed by the next.
"""

import time
from collections.abc import Iterable, Iterator
from random import Random

from callstore.domain.facts import ids
from callstore.eventlog.reading.read import trace_of
from callstore.eventlog.writing.append import append
from callstore.rehearsal.demo import spoken_calls, twilio_media
from callstore.rehearsal.scenarios import scenario as scenarios
from callstore.rehearsal.scenarios.rebase import rebased
from callstore.rehearsal.scenarios.scenario import LIBRARY, Scenario
from callstore.rehearsal.simulation.load import appended, calls, source
from callstore.rehearsal.simulation.story import story

FOUNDING = "founding_call"
CALLS, HOURS = 100, 24
SEED = "a day of the demo 35"  # one in which every kind of ending occurs
# The recorded calls stand among the others, all of their summaries delivered: those take half an hour.
FIRST_ENDED_S, APART_S = 2400, 3300
TOLD_APART_S = 435  # some 190 numbers of calls in a day
# Of what people reported in public, beside the recorded calls.
REPORTED = LIBRARY.parent / "reported"


def founding_call() -> None:
    """Puts the founding call into the log with the times it had, unless it is there."""
    _take_in([scenarios.load(FOUNDING)])


def a_day() -> int:
    """Puts in what is missing of the other recorded calls and of a simulated day; how many of the latter.

    What is spoken comes last, since it takes longest.
    """
    simulated = _simulated()
    spoken = [
        drawn for drawn in spoken_calls.scenes() if not _is_in_the_log(f"twilio:{drawn.played.legs.parent}")
    ]
    _take_in(spoken_calls.told(spoken, time.time() - FIRST_ENDED_S, TOLD_APART_S))
    return simulated


def _simulated() -> int:
    last = story(source(SEED, CALLS - 1), time.time())
    if _is_in_the_log(f"twilio:{last.meant['parent_call_sid']}"):
        return 0
    _take_in(_recorded())
    missing = (
        call
        for call in calls(CALLS, seed=SEED, hours=HOURS)
        if not _is_in_the_log(f"twilio:{call.meant['parent_call_sid']}")
    )
    return sum(1 for _ in appended(missing))


def _recorded() -> Iterator[Scenario]:
    """The other recorded calls, and the reported ones, moved into the last day and with ids of their own."""
    folders = [path.parent for of in (LIBRARY, REPORTED) for path in sorted(of.glob("*/deliveries.jsonl"))]
    for number, folder in enumerate(folder for folder in folders if folder.name != FOUNDING):
        call = scenarios.load(folder)
        ended = time.time() - FIRST_ENDED_S - number * APART_S
        yield rebased(call, round(ended - scenarios.ended_at(call)), Random(f"{SEED}:{folder.name}").choice)


def _take_in(recorded: Iterable[Scenario]) -> None:
    for call in recorded:
        drafts = scenarios.drafts(call)
        subjects = {draft.subject for draft in drafts if ids.is_of_a_call(draft.subject)}
        if not any(map(_is_in_the_log, subjects)):
            _keep_recording(call)  # first: the projection asks for it at once
            append(drafts)


def _keep_recording(call: Scenario) -> None:
    """Puts the recording where the demo's stand-in for Twilio serves it from."""
    path = scenarios.recording_path(call)
    if call.recording and path:
        _, _, _, account, _, recording = path.split("/")
        place = twilio_media.place(account, recording)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(call.recording.read_bytes())


def _is_in_the_log(subject: str) -> bool:
    return trace_of(subject) is not None
