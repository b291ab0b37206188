"""Times as text: seconds of a call's axis, and moments."""

from datetime import datetime


def offset(seconds: float | None) -> str:
    """Seconds from the call's start as mm:ss.s, with hours only where there are any; "" for None."""
    if seconds is None:
        return ""
    tenths = round(abs(seconds) * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    text = f"{minutes:02d}:{rest // 10:02d}.{rest % 10}"
    return ("−" if seconds < 0 and tenths else "") + (f"{hours}:{text}" if hours else text)


def day(moment: str | None) -> str:
    """An ISO time as the words of a title."""
    if not moment:
        return "an unknown time"
    at = datetime.fromisoformat(moment)
    return f"{at.day} {at:%b %Y, %H:%M:%S} UTC"
