"""The incident export as CSV and as JSON lines, piece by piece at any size."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

import orjson

from callstore.report.document import Document
from dashboard.export.incident import About, incident

# By which a spreadsheet knows a formula, full-width signs included (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
BOM = "\ufeff"
AS_IT_IS = (type(None), int, float)  # written by csv as it is, and none of it can be a formula
BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def csv_pieces(slices: Iterable[list[Document]], about: About, *, bom: bool = False) -> Iterator[str]:
    """RFC 4180 with a header, a piece a slice; with `bom` a spreadsheet, too, knows that it is UTF-8.

    Empty is not known; text that a spreadsheet would run begins with '.
    """
    yield (BOM if bom else "") + _lines([about.columns])
    for documents in slices:
        rows = (incident(document, about).values() for document in documents)
        yield _lines([v if v.__class__ in AS_IT_IS else _cell(v) for v in row] for row in rows)


def json_pieces(slices: Iterable[list[Document]], about: About) -> Iterator[str]:
    """The same fields as JSON, unescaped, a piece a slice; null is not known."""
    for documents in slices:
        rows = (incident(document, about) for document in documents)
        yield b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows).decode()


def _lines(rows: Iterable[Iterable[object]]) -> str:
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows(rows)
    return lines.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = "; ".join(str(each) for each in value)
    text = str(value)
    if not text.isprintable():
        text = BREAKS.sub(" ", text)
    if text[:1].isalnum():  # what most begin with is no formula
        return text
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text
