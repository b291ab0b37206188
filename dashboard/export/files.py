"""The incident export as CSV and as JSON lines, piece by piece at any size."""

import csv
import re
from collections.abc import Iterable, Iterator

import orjson

from callstore.report.document import Document
from dashboard.export.incident import About, incident

# What a spreadsheet takes for a formula, full-width signs included (OWASP, CSV injection).
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
BOM = "\ufeff"
BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def csv_pieces(slices: Iterable[list[Document]], about: About, *, bom: bool = False) -> Iterator[str]:
    """RFC 4180 with a header, a piece a slice; with `bom` a spreadsheet, too, knows that it is UTF-8.

    Empty is not known; text that a spreadsheet would run begins with '.
    """
    writer = csv.writer(_Echo())
    yield (BOM if bom else "") + writer.writerow(about.columns)
    for documents in slices:
        rows = (incident(document, about).values() for document in documents)
        yield "".join(writer.writerow([_cell(value) for value in row]) for row in rows)


def json_pieces(slices: Iterable[list[Document]], about: About) -> Iterator[str]:
    """The same fields as JSON, unescaped, a piece a slice; null is not known."""
    for documents in slices:
        rows = (incident(document, about) for document in documents)
        yield b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows).decode()


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case list():
            return _cell("; ".join(str(each) for each in value))
        case _:
            text = BREAKS.sub(" ", str(value))
            return f"'{text}" if FORMULA.match(text) else text


class _Echo:
    """A file for csv.writer that hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line
