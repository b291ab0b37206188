"""What `sel=` of a call's address names: an event, and beside it a stretch or a mark. Pure.

The parts are parted by a comma: `40-61.5`, `child-3`, `evt_812`, `40-61.5,evt_812`. None can be taken for
another: an event has an underline before its digits and no minus, a stretch begins with a digit or a minus, a
mark with the letters of its lane. static/dashboard/call/sel.js reads the same.
"""

import re
from typing import NamedTuple

NUMBER = r"-?\d{1,9}(?:\.\d{1,9})?"
EVENT = re.compile(r"evt_(\d{1,18})", re.ASCII)
STRETCH = re.compile(rf"({NUMBER})-({NUMBER})", re.ASCII)
MARK = re.compile(r"[a-z][a-z_]*-\d{1,9}", re.ASCII)


class Selected(NamedTuple):
    """The position of an event, the two seconds of a stretch, the id of a mark; None for each not named."""

    event: int | None = None
    stretch: tuple[float, float] | None = None
    mark: str | None = None


def selected(text: str | None) -> Selected:
    """What an address names; of what is named twice the first, and nothing for what is none of the three."""
    found = Selected()
    for part in (text or "").split(","):
        if (event := EVENT.fullmatch(part)) and found.event is None:
            found = found._replace(event=int(event[1]))
        elif (stretch := _stretch(part)) and found.stretch is None and found.mark is None:
            found = found._replace(stretch=stretch)
        elif MARK.fullmatch(part) and found.stretch is None and found.mark is None:
            found = found._replace(mark=part)
    return found


def _stretch(part: str) -> tuple[float, float] | None:
    ends = STRETCH.fullmatch(part)
    from_, to = (float(ends[1]), float(ends[2])) if ends else (0.0, 0.0)
    return (from_, to) if to > from_ else None
