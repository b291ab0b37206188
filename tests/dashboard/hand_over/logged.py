"""The founding call in the log and projected, its recording heard; with ids of its own each time."""

from dataclasses import replace
from functools import cache

from callstore.domain.facts import ids
from callstore.domain.facts.events import RecordingStatus
from callstore.eventlog.writing.append import append
from callstore.projection import projector, queries
from callstore.rehearsal.evaluation.evaluate import records
from callstore.rehearsal.scenarios.rebase import rebased
from callstore.rehearsal.scenarios.scenario import LIBRARY, drafts, load
from ingest.dialects import own_facts
from tests.projection.facts import traces_of


@cache
def heard():
    """What is heard in the recording."""
    return next(each.event for each in records(load(LIBRARY / "founding_call")) if each.source == "audio")


def founding_call():
    """Its document."""
    told = drafts(rebased(load(LIBRARY / "founding_call"), 0))
    append(told)
    announced = next(draft for draft in told if isinstance(draft.event, RecordingStatus))
    event = replace(heard(), recording=announced.event.recording)
    append([own_facts.recording_analysed(ids.id_of(announced.subject), event)])
    projector.project(traces_of(sorted({draft.subject for draft in told if draft.is_of_a_call})))
    return queries.find(ids.id_of(announced.subject))
