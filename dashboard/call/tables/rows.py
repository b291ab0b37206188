"""Marks as the rows of a page: the table of all of them, and the transcript. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dashboard.call.axis.axis_card import first_suspicious
from dashboard.call.lanes.mark import Mark
from dashboard.call.language import common_language, language
from dashboard.call.selected import selected
from dashboard.call.tables.windows import Place, place
from dashboard.call.timeline import Timeline

SPEAKERS = {"agent_text": "Agent", "caller_text": "Caller", "twilio_text": "Twilio heard"}
# By what the table of marks is ordered, where it has several windows: `by=` of the address, with a minus from
# the other end.
ORDERS: dict[str, Callable[[Mark], tuple[Any, ...]]] = {
    "start": lambda mark: (mark["start_s"],),
    "lane": lambda mark: (mark["lane"], mark["start_s"]),
    "length": lambda mark: ((mark["end_s"] or mark["start_s"]) - mark["start_s"], mark["start_s"]),
}


class MarkRow(Mark):
    """A mark in a table: its lane's name, whether the playhead stands there, the language of its words."""

    name: str
    current: bool
    lang: str | None


class TranscriptRow(MarkRow):
    """A mark of the transcript; of a gap `lost` says what became of it, and `note` the rest."""

    lost: str
    note: str


class Column(NamedTuple):
    """A column of the table of marks: `by` is what it orders by, `sorted` how it does now (aria-sort).

    `turned` is the `by=` with which it orders next.
    """

    name: str
    by: str = ""
    sorted: str = ""
    turned: str = ""


class Tables(NamedTuple):
    """The rows of each that are shown, and which of all they are.

    `find` is which words are looked for in the transcript.
    """

    marks: list[MarkRow]
    marks_place: Place
    columns: list[Column]
    transcript: list[TranscriptRow]
    transcript_place: Place
    find: str


def tables(axis: Timeline, asked: Mapping[str, str], at: float | None, told: str | None = None) -> Tables:
    """Both tables as the address asks for them: `marks=` and `words=` are numbers of windows, `t` is `at`.

    Words whose script does not tell their language are in the one that was `told` of the call.

    Where neither is asked for they lie where the playhead stands, or what is selected begins.
    """
    names = {lane["id"]: lane["name"] for lane in axis["lanes"]}
    marks = sorted(axis["marks"], key=lambda mark: mark["start_s"])
    said = [mark for mark in marks if mark["lane"] in SPEAKERS]
    near = at if at is not None else _near(axis, asked.get("sel"))
    by, find = asked.get("by", ""), asked.get("find", "").strip()
    ordered = _ordered(marks, by)
    if find:
        said = [mark for mark in said if find.casefold() in mark["label"].casefold()]
    spoken = common_language(mark["label"] for mark in said)
    shown = place(ordered, asked.get("marks"), near if ordered is marks else None)
    heard = place(said, asked.get("words"), None if find else near)
    words = _rows(_of(said, heard), _current(said, at), SPEAKERS, spoken, told)
    return Tables(
        _rows(_of(ordered, shown), _current(marks, at), names, spoken, told),
        shown,
        list(_columns(by)),
        _transcript_rows(words),
        heard,
        find,
    )


def _of(marks: Sequence[Mark], shown: Place) -> Sequence[Mark]:
    return marks[max(shown.first - 1, 0) : shown.last]


def _ordered(marks: list[Mark], by: str) -> list[Mark]:
    key = ORDERS.get(by.removeprefix("-"))
    return sorted(marks, key=key, reverse=by.startswith("-")) if key and by != "start" else marks


def _columns(by: str) -> Iterator[Column]:
    by = by if by.removeprefix("-") in ORDERS else "start"
    for name, order in {"Time": "start", "Lane": "lane", "What": "", "Lasts": "length", "Events": ""}.items():
        up, down = by == order, by == f"-{order}"
        way = "ascending" if up else "descending" if down else ""
        yield Column(name, order, way, f"-{order}" if up else order) if order else Column(name)


def _near(axis: Timeline, sel: str | None) -> float | None:
    """Where what is selected begins; else where the first suspicious mark does."""
    named = selected(sel)
    if named.stretch:
        return named.stretch[0]
    there = [
        mark["start_s"]
        for mark in axis["marks"]
        if mark["id"] == named.mark or (named.event is not None and named.event in mark["positions"])
    ]
    return min(there, default=first_suspicious(axis))


def _current(marks: Sequence[Mark], at: float | None) -> str | None:
    """The id of the last mark that began by a second, without any script."""
    begun = [mark["id"] for mark in marks if at is not None and mark["start_s"] <= at]
    return begun[-1] if begun else None


def _rows(
    marks: Sequence[Mark],
    current: str | None,
    names: Mapping[str, str],
    spoken: str | None,
    told: str | None,
) -> list[MarkRow]:
    return [
        {
            **mark,
            "name": names[mark["lane"]],
            "current": mark["id"] == current,
            "lang": language(mark["label"], spoken) or told if mark["lane"] in SPEAKERS else None,
        }
        for mark in marks
    ]


def _transcript_rows(rows: Sequence[MarkRow]) -> list[TranscriptRow]:
    """Rows of the transcript; the detail of a gap begins with what became of what was said in it."""
    parts = [(row, (row["detail"] or "").partition(" · ")) for row in rows]
    return [{**row, "lost": lost, "note": note} for row, (lost, _, note) in parts]
