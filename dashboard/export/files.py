"""The incident export as CSV and as JSON lines, piece by piece at any size."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from callstore.report.document import Document
from dashboard.export.incident import About, reader

# By which a spreadsheet knows a formula, full-width signs included (OWASP, CSV injection). Where numbers have
# a comma it parts cells at semicolons, and takes quotes in them for its own.
FORMULA = re.compile(r"(^|;)(?=[\s\"]*[=+\-@＝＋－＠])")
BOM = "\ufeff"
AS_IT_IS = (type(None), int, float)  # written by csv as it is, and none of it can be a formula
BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def csv_pieces(slices: Iterable[list[Document]], about: About, *, bom: bool = False) -> Iterator[str]:
    """RFC 4180 with a header, a piece a slice; with `bom` a spreadsheet, too, knows that it is UTF-8.

    Each slice is emptied. Empty is not known; text that a spreadsheet would run begins with '.
    """
    yield (BOM if bom else "") + _lines([about.columns])
    values_of = reader(about)
    for documents in slices:
        yield _lines(_cells(values_of(document)) for document in _taken(documents))


def json_pieces(slices: Iterable[list[Document]], about: About) -> Iterator[str]:
    """The same fields as JSON, unescaped, a piece a slice, which it empties; null is not known."""
    columns, values_of = about.columns, reader(about)
    for documents in slices:
        rows = (dict(zip(columns, values_of(document), strict=True)) for document in _taken(documents))
        yield b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows).decode()


def _taken(documents: list[Document]) -> Iterator[Document]:
    """Each, and none is left: a reader who is slow holds his text, and not ten times that."""
    documents.reverse()
    while documents:
        yield documents.pop()


def _lines(rows: Iterable[Iterable[Any]]) -> str:
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows(rows)
    return lines.getvalue()


def _cells(values: list[Any]) -> list[Any]:
    # Most text is plain and begins with what is no formula. It is told here, without a call for each cell.
    return [
        v if (kind := v.__class__) in AS_IT_IS or (
            kind is str and v[:1].isalnum() and ";" not in v and v.isprintable()
        )
        else _cell(v)
        for v in values
    ]  # fmt: skip


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = "; ".join(str(each) for each in value)
    text = str(value)
    if not text.isprintable():
        text = BREAKS.sub(" ", text)
    return FORMULA.sub(r"\1'", text)
