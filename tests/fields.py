"""The tables of docs/fields.md, made of the document's own list and written by `python -m tests.fields`."""

import re
from collections.abc import Iterable

from callstore.report.document import StableField, stable_fields
from tests.places import ROOT

PAGE = ROOT / "docs" / "fields.md"
TABLE = re.compile(r"^\|.*?\n(?!\|)", re.M | re.S)
KINDS = {str: "text", int: "whole number", float: "number", bool: "true or false", list: "list"}


def tables() -> list[str]:
    """The table of fields and the table of their words, as they should stand."""
    fields = stable_fields().values()
    return [
        _table(
            ("field", "type", "unit", "meaning", "where from"),
            ((f"`{f.name}`", _type(f), f.unit, f.field.meaning, f.field.source) for f in fields),
        ),
        _table(
            ("field", "words"),
            ((f"`{f.name}`", " · ".join(f"`{word}`" for word in f.words)) for f in fields if f.words),
        ),
    ]


def _type(field: StableField) -> str:
    kind = "time" if field.unit == "UTC" else KINDS[field.plain]
    if field.words:
        kind = "list of words" if field.plain is list else "word"
    elif field.type == list[str]:
        kind = "list of texts"
    return f"{kind} or null" if field.nullable else kind


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    new = iter(tables())
    PAGE.write_text(TABLE.sub(lambda _: next(new), PAGE.read_text()))
