"""A call's outline: of its document what a file of many calls reads, kept beside it.

Postgres keeps a document in pieces, and to read a part of it costs as much as to read it whole. An outline
has the document's own names and shapes, so that who reads the one reads the other: the stable fields that
are known, what is PLAIN, and of PARTS the entry that a column speaks of.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import orjson

from callstore.report.document import Parts, StoredDocument, stable_fields

Entry: TypeAlias = dict[str, Any]


def outline(document: StoredDocument) -> str:
    """The outline of a document, as JSON."""
    whole: Any = document  # read by names that are not known before
    known = {name: value for name in stable_fields() if (value := whole.get(name)) is not None}
    parts = {name: kept for name, kept_of in PARTS.items() if (kept := kept_of(whole.get(name) or [], whole))}
    plain = {name: value for name in PLAIN if (value := whole.get(name)) not in (None, [])}
    return orjson.dumps(known | parts | plain).decode()


def _last_dial(asks: list[Entry], _: Entry) -> list[Entry]:
    dials = [ask for ask in asks if ask.get("kind") == "dial"]
    return [_only(ask, "kind", "dial_status") for ask in dials[-1:]]


def _first_recording(recordings: list[Entry], _: Entry) -> list[Entry]:
    return [_only(each, "recording") for each in recordings[:1]]


def _last_note(notes: list[Entry], _: Entry) -> list[Entry]:
    return [_only(note, "text") for note in notes if note["text"]][-1:]


def _deciding_finding(findings: list[Entry], whole: Entry) -> list[Entry]:
    return [_only(each, "slug", "says") for each in findings if each["slug"] == whole.get("cause")][:1]


def _only(entry: Entry, *names: str) -> Entry:
    return {name: entry.get(name) for name in names}


PARTS: dict[str, Callable[[list[Entry], Entry], list[Entry]]] = {
    "flow": _last_dial,
    "recordings": _first_recording,
    "notes": _last_note,
    "findings": _deciding_finding,
}
PLAIN = ("languages", "ingest_lag_p95_ms")  # kept as they are
# What no outline has of a document.
OTHERS = sorted(Parts.__annotations__.keys() - PARTS.keys() - set(PLAIN))
