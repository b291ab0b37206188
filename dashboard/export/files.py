"""The incident export as CSV and as JSON lines, streamed at any size."""

import csv
import re
from collections.abc import Iterable, Iterator

import orjson

from callstore.report.document import Document
from dashboard.export.incident import COLUMNS, About, incident

# What a spreadsheet takes for a formula, full-width signs included (OWASP, CSV injection).
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def csv_lines(documents: Iterable[Document], about: About) -> Iterator[str]:
    """RFC 4180 with a header. Empty is not known; text that a spreadsheet would run begins with '."""
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for document in documents:
        yield writer.writerow([_cell(value) for value in incident(document, about).values()])


def json_lines(documents: Iterable[Document], about: About) -> Iterator[bytes]:
    """The same fields as JSON, unescaped; null is not known."""
    for document in documents:
        yield orjson.dumps(incident(document, about), option=orjson.OPT_APPEND_NEWLINE)


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
