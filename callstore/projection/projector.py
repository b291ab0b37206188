"""Dirty traces become rows: gather the call, fold and judge it, save it if nobody knew more."""

import logging
import traceback
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from callstore.base import counts
from callstore.domain.call import linking
from callstore.domain.facts.record import Record
from callstore.eventlog.heads import versions
from callstore.eventlog.reading.cache import FactCache
from callstore.projection import linker, saving
from callstore.projection.row import Row, row
from callstore.projection.worklist import heads
from callstore.projection.worklist.ledger import Ledger
from callstore.report.document import StoredDocument
from callstore.report.report import report
from callstore.requests.recordings import Fetch

log = logging.getLogger(__name__)

RECENT = FactCache(60_000)  # events: some 50 MB, and the live calls of a busy minute
ROUNDS = 10  # of folding again because a call grew meanwhile; after that it stays dirty and comes back


class CallVersions(NamedTuple):
    """The traces of one call, each with its version, all read at one moment."""

    versions: Mapping[UUID, int]

    @property
    def call_id(self) -> UUID:
        """A call is known by the first of its traces."""
        return min(self.versions)


def project(traces: Iterable[UUID], *, replay: bool = False, ledger: Ledger = heads) -> list[Fetch]:
    """Fold and save the calls of these traces; clean ones only when `replay`. What is now to be fetched.

    A trace that cannot be projected is counted as failed and hinders no other. Raises only when the
    database is away; then the lease runs out and the traces are claimed again.
    """
    wanted = []
    pending = set(traces)
    ledger.begin(pending)
    for _ in range(ROUNDS):
        done, pending = _attempt(sorted(pending), replay, ledger)
        wanted += done
        if not pending:
            return wanted
    ledger.release(pending)
    return wanted


def _attempt(traces: Sequence[UUID], replay: bool, ledger: Ledger) -> tuple[list[Fetch], set[UUID]]:
    try:
        place = saving.place()
        folded = [(call.versions, fold(call, records)) for call, records in gather(traces, replay)]
        return saving.save(folded, ledger, place) if folded else ([], set())
    except Exception as error:
        # Where it failed and as what, without the message: that may quote a caller.
        frame = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__} in {frame.name} ({frame.filename.rpartition('/')[2]}:{frame.lineno})"
        log.warning(
            "Not projected: %s, in a batch of %d traces that begins with %s", text, len(traces), traces[0],
            extra={"call_id": str(traces[0]), "traces": len(traces)},
        )  # fmt: skip
        if len(traces) > 1:
            parts = [_attempt([trace], replay, ledger) for trace in traces]
            return [w for wanted, _ in parts for w in wanted], set().union(*(grown for _, grown in parts))
        ledger.fail(traces[0], text)
        counts.add("projections.failed")
        return [], set()


def gather(traces: Iterable[UUID], replay: bool = False) -> list[tuple[CallVersions, list[Record]]]:
    """The calls that these traces belong to, with all their facts as the log has them now.

    Clean traces only when `replay`. Versions are read in one statement and before the facts, whose ids
    are noted: an id of an event that is counted in a version is therefore noted, and whoever finds the
    version done finds the link, too.
    """
    found = versions.read(traces)
    seeds = {trace for trace, head in found.items() if replay or head.version > head.done}
    known = set(seeds)
    while True:
        facts = RECENT.by_trace(known)
        groups = linker.link(seeds, linker.pairs_in(facts))
        reached = known.union(*groups)
        if reached == known:
            calls = [
                CallVersions({trace: found[trace].version for trace in sorted(group)}) for group in groups
            ]
            return [(call, [record for trace in call.versions for record in facts[trace]]) for call in calls]
        known = reached
        found = versions.read(known)


def fold(call: CallVersions, records: Sequence[Record]) -> Row:
    """The row of a call: a pure function of its facts and a setting, so that a rebuild gives the same."""
    links = linking.links(records)
    judged = report(records, settings.FINISH_TOOLS)
    document: StoredDocument = {"call_id": str(call.call_id), **judged, "links": links}
    return row(call.call_id, sum(call.versions.values()), document)
