"""The verdict panel as text, for terminals and reports."""

from collections.abc import Iterator
from textwrap import wrap

from callstore.report import wording
from callstore.report.clock_text import offset
from callstore.report.document import Report
from callstore.report.panel.facts import Fact, facts
from callstore.report.talking.numbers import conversation_facts
from dashboard.call.stances import check_rows

WIDTH = 104
ASIDE = 16  # the width of what stands before an entry


def text_report(document: Report) -> str:
    """What the page says of a call before the reader scrolls, in lines of at most WIDTH characters."""
    parts = [list(part(document)) for part in (_head, _facts, _checks, _other_findings)]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _head(document: Report) -> Iterator[str]:
    who = wording.ENDED_FIRST[document["ended_first_by"]]
    chips = [
        document["verdict"],
        f"{document['verdict_confidence']} confidence",
        *(["truncated"] if "truncated" in document["flags"] else []),
        *([document["cause"]] if document["cause"] else []),
        f"ended first by: {who}",
    ]
    yield wording.headline(document).upper()
    yield from _lines("", " · ".join(chips))
    yield from _lines("", wording.sentence(document))


def _facts(document: Report) -> Iterator[str]:
    for fact in [*facts(document), *conversation_facts(document)]:
        yield from _lines("", f"{fact.name}: {fact.value}" + _bracketed(fact.note, _where(fact)))


def _where(fact: Fact) -> str:
    if fact.start_s is None:
        return ""
    return f"{fact.place} {offset(fact.start_s)}–{offset(fact.end_s)}".strip()


def _checks(document: Report) -> Iterator[str]:
    for check in check_rows(document):
        if check["says"] != "not_applicable":
            yield from _lines(
                check["word"], f"{check['check']}: {check['finding']}" + _bracketed(offset(check["start_s"]))
            )


def _other_findings(document: Report) -> Iterator[str]:
    for missing in document["judgement"]["missing"]:
        yield from _lines("what is missing", f"{missing[:1].upper()}{missing[1:]}.")
    for step in document["judgement"]["settle"]:
        yield from _lines("to settle this", step)
    for other in wording.other_conversations(document):
        where = _bracketed(offset(other.start_s))
        yield from _lines("not the last", f"Another conversation: {other.verdict}. {other.says}{where}")
    for finding in wording.other_findings(document):
        yield from _lines("seen too", f"{finding.title}. {finding.says}")


def _bracketed(*notes: str) -> str:
    return f" ({', '.join(filter(None, notes))})" if any(notes) else ""


def _lines(aside: str, text: str) -> Iterator[str]:
    indent = ASIDE * " " if aside else ""
    yield from wrap(
        text, WIDTH, initial_indent=f"{aside:<{ASIDE}}" if aside else "", subsequent_indent=indent
    )
