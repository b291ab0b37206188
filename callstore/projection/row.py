"""A call's document as the columns of its row: what readers filter, sort and search by."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import orjson
from django.contrib.postgres.fields import ArrayField
from django.db import models

from callstore.domain.facts import ids
from callstore.projection.models import CallRow
from callstore.projection.outline import outline
from callstore.report.document import StoredDocument, stable_fields

TOLD = ("findings", "tools", "languages", "sources")
NOT_FACTS = (
    "call_id", "version", "review_version", "document", "outline", "outline_version", *TOLD, "ids",
    "facets", "saved_at", "fetch_at", "ask_at",
)  # fmt: skip
# Of a call that nobody decided anything about.
UNDECIDED = {"review_state": "new", "agreed": 0, "disagreed": 0}
STABLE_NAMES = {field.column: name for name, field in stable_fields().items()}  # by column
LONGEST = 500  # characters; an index entry may not exceed some 2,700 bytes

Row: TypeAlias = dict[str, Any]  # column → value as SQL takes it


def row(call_id: UUID, version: int, document: StoredDocument) -> Row:
    """Column → value, of anything JSON can hold: a value that does not fit its column is left out of it."""
    document = _storable(document)
    values = {column: fit(document.get(STABLE_NAMES[column])) for column, fit in COLUMNS.items()}
    return {
        **values,
        **{name: value for name, value in UNDECIDED.items() if values[name] is None},
        "call_id": call_id,
        "version": version,
        **{name: _words(sorted(told)) for name, told in _told(document).items()},
        "ids": ids.in_json(orjson.dumps(document)),
        "outline": outline(document),
        "outline_version": version,
        "document": document,
    }


def _storable(document: StoredDocument) -> StoredDocument:
    # A transcript may hold NUL, which no text in Postgres can.
    stored = orjson.dumps(document)
    cleaned: StoredDocument = orjson.loads(stored)
    return _without_nul(cleaned) if b"\\u0000" in stored else cleaned


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, dict):
        return {_without_nul(name): _without_nul(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    return value


def _told(document: Any) -> dict[str, set[str]]:
    """What no stable field holds and readers ask for, by its column in TOLD."""
    told = (document, *(document.get("other_conversations") or ()))
    tools = [tool for each in told for tool in (each.get("session") or {}).get("tools") or ()]
    languages = [tag.lower() for tag in document.get("languages") or ()]  # ja-jp is found by ja, too
    return {
        "findings": {finding["slug"] for finding in document.get("findings") or ()},
        "tools": {tool["name"] for tool in tools if tool["name"]},
        "languages": {part for tag in languages for part in (tag, tag.partition("-")[0])},
        "sources": {name for name, state in (document.get("sources") or {}).items() if state == "present"},
    }


def _text(value: Any) -> str | None:
    return None if value is None else str(value)[:LONGEST]


def _words(value: Any) -> list[str]:
    return [str(word)[:LONGEST] for word in value or ()]


def _integer(bits: int) -> Callable[[Any], int | None]:
    bound = 2 ** (bits - 1)

    def fit(value: Any) -> int | None:
        return value if isinstance(value, int) and -bound <= value < bound else None

    return fit


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _moment(value: Any) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


FITS: "dict[type[models.Field[Any, Any]], Callable[[Any], Any]]" = {
    models.TextField: _text,
    models.DateTimeField: _moment,
    models.FloatField: _number,
    models.BooleanField: _truth,
    models.IntegerField: _integer(32),
    models.BigIntegerField: _integer(64),
    ArrayField: _words,
}
COLUMNS = {f.name: FITS[type(f)] for f in CallRow._meta.concrete_fields if f.name not in NOT_FACTS}
