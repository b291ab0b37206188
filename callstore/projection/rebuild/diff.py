"""What is stored, compared with a fresh fold of the log. Writes nothing."""

from collections.abc import Callable, Iterator, Sequence
from time import monotonic, sleep
from uuid import UUID

import orjson
from django.db import connection

from callstore.eventlog.heads import versions
from callstore.eventlog.reading import bulk
from callstore.projection import linker, projector
from callstore.projection.rebuild.scope import Scope
from callstore.projection.review.decisions import with_decisions
from callstore.projection.row import Row
from callstore.projection.saving import FACTS, OUTLINE
from callstore.projection.words import store as words

PATIENCE_S = 5.0  # for a call that the workers have not come to yet
POLL_S = 0.25
PERSONAL = ("caller", "called", "dtmf", "outline")  # named as different, never printed


def differences(scope: Scope, tick: Callable[[int], None]) -> Iterator[str]:
    """A line for each difference between read models and log. Ticks once for every trace."""
    for call_id in scope.strays():
        yield f"{call_id}: stored, but the log has no such call"
    behind = []
    for chunk in scope.chunks():
        yield from _ids(chunk)
        for group in sorted(linker.components(chunk), key=min):
            if min(trace for trace in group if trace >= scope.first) in chunk:
                found = list(_of_call(group))
                if found and _is_behind(group):
                    behind.append(group)
                else:
                    yield from found
        tick(len(chunk))
    yield from _once_caught_up(behind)


def _once_caught_up(groups: Sequence[frozenset[UUID]]) -> Iterator[str]:
    # A call in the workers' hands is behind, not wrong: all such get time to arrive, together.
    deadline = monotonic() + PATIENCE_S
    while any(_is_behind(group) for group in groups) and monotonic() < deadline:
        sleep(POLL_S)
    for group in groups:
        yield from _of_call(group)


def _is_behind(group: frozenset[UUID]) -> bool:
    return any(head.version > head.done for head in versions.read(group).values())


def _ids(traces: Sequence[UUID]) -> Iterator[str]:
    noted = linker.noted_pairs(traces)
    for trace, ref in sorted(noted.symmetric_difference(linker.pairs(traces))):
        yield f"{trace}: {ref} is {'noted, but in no event' if (trace, ref) in noted else 'not noted'}"


def _of_call(group: frozenset[UUID]) -> Iterator[str]:
    counted = {trace: head.version for trace, head in versions.read(group).items()}
    stored = _stored_rows(group)
    try:
        fresh = _fresh(counted)
    except Exception as error:
        yield f"{min(group)}: cannot be folded, {type(error).__name__}"
        return
    row = stored.pop(fresh["call_id"], None)
    lines = [*_lines(row, fresh), *_words(fresh)] if row else ["not stored"]
    yield from (f"{fresh['call_id']}: {line}" for line in lines)
    for call_id in sorted(stored):
        yield f"{call_id}: stored, but is a part of {fresh['call_id']}"


def _fresh(counted: dict[UUID, int]) -> Row:
    facts = bulk.by_trace(counted)
    folded = projector.fold(
        projector.CallVersions(counted), [r for trace in sorted(counted) for r in facts[trace]]
    )
    [row] = with_decisions([(counted, folded)])
    return row


def _lines(stored: Row, fresh: Row) -> Iterator[str]:
    for name in FACTS:
        is_read = name not in OUTLINE or stored["outline_version"] == stored["version"]
        if stored[name] == fresh[name] or not is_read:
            continue
        if name == "document":
            keys = sorted(stored[name].keys() | fresh[name].keys())
            wrong = (key for key in keys if stored[name].get(key) != fresh[name].get(key))
            yield f"in the document: {', '.join(wrong)}"
        elif name in PERSONAL:
            yield f"{name} differs"
        else:
            yield f"{name} is {stored[name]!s}, should be {fresh[name]!s}"


def _words(fresh: Row) -> Iterator[str]:
    stored = words.stored([fresh["call_id"]])
    if list(stored.get(fresh["call_id"], ())) != words.values(fresh):
        yield "its words differ"


def _stored_rows(group: frozenset[UUID]) -> dict[UUID, Row]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(FACTS)} FROM call WHERE call_id = ANY(%s)", [list(group)])
        rows = [dict(zip(FACTS, values, strict=True)) for values in cursor]
    return {row["call_id"]: {**row, "document": orjson.loads(row["document"])} for row in rows}
