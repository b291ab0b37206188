"""Rows are saved by compare-and-set, so that what stands there never knows less than it did."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypedDict
from uuid import UUID

import orjson
from django.db import connection, transaction

from callstore.base import counts
from callstore.eventlog.db.locks import TransactionLock, share_in_transaction
from callstore.eventlog.db.statement import run, run_each
from callstore.projection import linker
from callstore.projection.changes import journal, settling
from callstore.projection.requests import backfill
from callstore.projection.requests.recordings import SHORTEST_WAIT_S, wanted
from callstore.projection.review.decisions import with_decisions
from callstore.projection.row import COLUMNS, TOLD, Row
from callstore.projection.sheets.periods import LATE, note_left
from callstore.projection.words import store as words
from callstore.projection.worklist.ledger import Ledger
from callstore.report.document_sound import RecordingPart
from callstore.requests.recordings import Fetch
from callstore.settlement.events import JUDGED, OPEN, judged

log = logging.getLogger(__name__)

Versions: TypeAlias = Mapping[UUID, int]  # every trace of a call, and how much of it was folded

OUTLINE = ("outline", "outline_version")
FACTS = ("call_id", "version", *COLUMNS, "review_version", *TOLD, "ids", *OUTLINE, "document")
WAITS = f"CASE WHEN %s THEN now() + interval '{SHORTEST_WAIT_S} s' END"
UPSERT = journal.noting(
    f"INSERT INTO call ({', '.join(FACTS)}, saved_at, fetch_at, ask_at)"
    f" VALUES ({', '.join(['%s'] * len(FACTS))}, now(), {WAITS}, %s) ON CONFLICT (call_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in (*FACTS[1:], "saved_at", "ask_at"))
    + ", fetch_at = CASE WHEN excluded.fetch_at IS NOT NULL"
    " THEN coalesce(call.fetch_at, excluded.fetch_at) END"
)


def place() -> int:
    """Names the set of read models that stands in place now. Ask before noting ids, and give it to `save`."""
    [(swaps,)] = run("SELECT count FROM rebuild.swaps", [])
    return int(swaps)


def save(
    folded: Sequence[tuple[Versions, Row]], ledger: Ledger, noted_in: int
) -> tuple[list[Fetch], set[UUID]]:
    """Save rows of calls and enter their traces as done. The recordings that calls now newly wait for, and
    the traces that must be folded again, because their call grew or was saved by somebody meanwhile.

    The race: two traces learn of one another at once, and each is folded as a call of its own by a
    worker that read before the other noted its ids. Therefore ids are noted, and committed, before
    they are looked up; and here every trace of the call is locked before the call is looked up once
    more, in a statement of its own, that sees all that was committed while we waited. Whoever noted
    last sees both traces; whoever noted first either saves before the other gets the lock, who then
    replaces that row, or comes after and finds that its call has grown. Either way one row is left.

    Versions are sums over traces that were read at one moment. For the same traces a lower sum was
    read earlier and may know less, so it does not replace a higher one; then nothing is marked done.
    Calls that share an id are saved together: what joined them may part them, so only their sum is of
    the same traces before and after.

    Where a rebuild put other tables in place since the ids were noted, these lack them: all is done again.
    """
    with transaction.atomic():
        share_in_transaction(TransactionLock.SAVE, (trace for versions, _ in folded for trace in versions))
        if place() != noted_in:
            return [], {trace for versions, _ in folded for trace in versions}
        near = linker.neighbourhoods(row["call_id"] for _, row in folded)
        before = _stored_calls(trace for versions, _ in folded for trace in versions)
        kept = [one for calls in near for one in _newer(calls, folded, before)]
        done = {trace for versions, _ in kept for trace in versions}
        again = {trace for versions, _ in folded for trace in versions} - done
        _write(with_decisions(kept))
        _note_left(kept, before)
        _delete(t for versions, row in kept for t in versions if t != row["call_id"] and t in before)
        _note_verdicts(kept, before)
        ledger.finish({trace: seen for versions, _ in kept for trace, seen in versions.items()})
    counts.add("projections.saved", len(kept))
    journal.announce()
    _tell(row for _, row in kept)
    return [w for versions, row in kept for w in _newly_wanted(versions, row, before)], again


def _tell(rows: Iterable[Row]) -> None:
    """A line for each call that was saved, with what finds it, where somebody asked for it."""
    if not log.isEnabledFor(logging.INFO):
        return
    for row in rows:
        extra = {
            "call_id": str(row["call_id"]),
            "parent_call_sid": row["parent_call_sid"],
            "ai_call_id": row["ai_call_id"],
            "position": row["last_position"],
            "events": row["event_count"],
            "verdict": row["verdict"],
        }
        log.info("projected call %s", row["call_id"], extra=extra)


def _newer(
    calls: set[frozenset[UUID]], folded: Sequence[tuple[Versions, Row]], before: "Mapping[UUID, StoredCall]"
) -> list[tuple[Versions, Row]]:
    """The folded calls of one neighbourhood, if all of it was folded and nobody saved who had read more."""
    found = [(versions, row) for versions, row in folded if frozenset(versions) in calls]
    known = sum(before[trace]["version"] for call in calls for trace in call if trace in before)
    is_newer = len(found) == len(calls) and known <= sum(row["version"] for _, row in found)
    return found if is_newer else []


class StoredCall(TypedDict):
    """What a row says of the version it was folded from, how it is judged, and of its recordings."""

    version: int
    started_at: datetime | None
    judged: dict[str, Any]
    recordings: list[RecordingPart]


def _stored_calls(traces: Iterable[UUID]) -> dict[UUID, StoredCall]:
    rows = run(
        f"SELECT call_id, version, started_at, (document -> 'recordings')::text, {', '.join(JUDGED[:-1])},"
        " 'truncated' = ANY(flags) FROM call WHERE call_id = ANY(%b)",
        [list(traces)],
    )
    return {
        call_id: {
            "version": version,
            "started_at": started_at,
            "judged": dict(zip(JUDGED, judged, strict=True)),
            "recordings": orjson.loads(recordings or "[]"),
        }
        for call_id, version, started_at, recordings, *judged in rows
    }


def _note_left(kept: Sequence[tuple[Versions, Row]], before: "Mapping[UUID, StoredCall]") -> None:
    """A call that began at another time than was told: what counted it there is not noted by its save."""
    late = datetime.now(UTC) - LATE
    was = [(before[row["call_id"]]["started_at"], row) for _, row in kept if row["call_id"] in before]
    note_left([began for began, row in was if began and began < late and began != row["started_at"]])


def _note_verdicts(kept: Sequence[tuple[Versions, Row]], before: "Mapping[UUID, StoredCall]") -> None:
    """Most folds change no verdict: then nobody is asked anything."""
    joined = {
        trace: row["call_id"]
        for versions, row in kept
        for trace in versions
        if trace != row["call_id"] and trace in before
    }
    changed = [row for _, row in kept if _is_judged_anew(row, before.get(row["call_id"]))]
    if (changed or joined) and settling.is_noted():
        settling.note(changed, joined)


def _is_judged_anew(row: Row, before: "StoredCall | None") -> bool:
    was: dict[str, Any] = before["judged"] if before else {"verdict": None}
    is_live = row["verdict"] in OPEN and was["verdict"] in OPEN
    return not is_live and was != judged(row)


def _write(rows: Sequence[Row]) -> None:
    # Planned once a connection: to read so long a statement anew takes as long as a third of the save.
    run_each(UPSERT, [_parameters(row) for row in rows])
    words.save(rows)


def _parameters(row: Row) -> list[Any]:
    document = row["document"]
    stored = orjson.dumps(document).decode()
    return [*(row[name] for name in FACTS[:-1]), stored, bool(wanted(document)), backfill.ask_at(document)]


def _delete(traces: Iterable[UUID]) -> None:
    if parts := list(traces):
        with connection.cursor() as cursor:
            cursor.execute(journal.noting("DELETE FROM call WHERE call_id = ANY(%s)"), [parts])
        words.delete(parts)


def _newly_wanted(versions: Versions, row: Row, before: Mapping[UUID, StoredCall]) -> set[Fetch]:
    return wanted(row["document"]).difference(
        *(wanted(before[trace]) for trace in versions if trace in before)
    )
