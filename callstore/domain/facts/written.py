"""A record as one JSON object, for facts that travel without the delivery that brought them."""

from collections.abc import Mapping
from typing import Any

from callstore.domain.facts import codec
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.record import Record, Ref


def written(record: Record) -> dict[str, Any]:
    """A record as JSON; its position, which is a place in one log alone, is left out."""
    type_, facts, personal = codec.encode(record.event)
    return {
        "source": record.source,
        "subject": record.subject,
        "key": record.key,
        "type": type_,
        "occurred": [record.occurred.at, record.occurred.clock.name, record.occurred.precision_ms],
        "received_at": record.received_at,
        "refs": [[ref.rule, ref.id] for ref in record.refs],
        "sequence": record.sequence,
        "backfilled": record.backfilled,
        "facts": {**facts, **personal},
    }


def read(line: Mapping[str, Any], position: int) -> Record:
    """The record that `written` wrote, at a position. Raises KeyError, TypeError or ValueError for others."""
    at, clock, precision_ms = line["occurred"]
    return Record(
        position=position,
        source=str(line["source"]),
        subject=str(line["subject"]),
        key=str(line["key"]),
        event=codec.decode(str(line["type"]), line["facts"], {}),
        occurred=Instant(float(at), Clock[clock], int(precision_ms)),
        received_at=float(line["received_at"]),
        refs=tuple(Ref(str(rule), str(id_)) for rule, id_ in line["refs"]),
        sequence=line.get("sequence"),
        backfilled=bool(line.get("backfilled")),
    )
