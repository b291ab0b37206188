"""Times as text: seconds of a call's axis, and moments."""

from datetime import datetime
from math import ceil

STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200)


def offset(seconds: float | None) -> str:
    """Seconds from the call's start as mm:ss.s, with hours only where there are any; "" for None."""
    if seconds is None:
        return ""
    tenths = round(abs(seconds) * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    text = f"{minutes:02d}:{rest // 10:02d}.{rest % 10}"
    return ("−" if seconds < 0 and tenths else "") + (f"{hours}:{text}" if hours else text)


def whole_times(start_s: float, end_s: float, most: int) -> list[int]:
    """Round seconds between two, for the ticks of an axis: some `most` of them, however long it is."""
    least = (end_s - start_s) / most
    step = next((step for step in STEPS_S if step >= least), ceil(least / STEPS_S[-1]) * STEPS_S[-1])
    return list(range(ceil(start_s / step) * step, int(end_s // 1) + 1, step))


def day(moment: str | None) -> str:
    """An ISO time as the words of a title."""
    if not moment:
        return "an unknown time"
    at = datetime.fromisoformat(moment)
    return f"{at.day} {at:%b %Y, %H:%M:%S} UTC"
