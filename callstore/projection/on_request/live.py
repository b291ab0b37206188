"""A call as the log has it in this moment, whether or not it has been projected. Reads, and notes nothing."""

from collections.abc import Sequence
from uuid import UUID

from callstore.domain.call import linking
from callstore.domain.facts.ids import subject
from callstore.domain.facts.record import Record
from callstore.eventlog.reading import read
from callstore.projection import linker


def records(id_: str) -> list[Record]:
    """The gist of the call that an id belongs to (a SID, an AI call id, a call or trace id); [] if none."""
    found: list[Record] = []
    known: set[UUID] = set()
    sought: set[str] = set()
    new = {*linker.component_of_id(id_), *_traces([subject(id_)])}
    while new:
        known |= new
        arrived = read.gist(new)
        found += arrived
        sought = sought or {r.subject for r in arrived}
        ids = {r.subject for r in arrived} | {ref.id for r in arrived for ref in r.refs}
        new = set(_traces(sorted(ids))) - known
    calls = linking.components(
        (r.subject, id_) for r in found for id_ in (r.subject, *(ref.id for ref in r.refs))
    )
    call = set().union(*(subjects for subjects in calls if not sought.isdisjoint(subjects)))
    return [record for record in found if record.subject in call]


def _traces(ids: Sequence[str]) -> list[UUID]:
    """The traces where these ids live or, as far as was noted, are mentioned."""
    return [*read.homes(ids), *linker.traces_with(ids)]
