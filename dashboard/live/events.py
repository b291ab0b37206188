"""What a stream says, as server-sent events."""

import orjson

from callstore.projection.changes.journal import Position
from dashboard.live.mailbox import News


def told(news: News, away: bool, position: Position | None) -> str:
    """The events of some news, for who was told last that the database is `away` or not."""
    said = event("away") if news.away and not away else ""
    if away and not news.away:
        said += event("back", position=position)
    if news.any:
        said += event("reset", position=position)
    elif news.calls:
        said += event("calls", {"calls": [str(call) for call in news.calls]}, position)
    return said


def event(name: str, data: dict[str, object] | None = None, position: Position | None = None) -> str:
    """A server-sent event; without data a browser would not tell of it."""
    place = f"id: {position}\n" if position else ""
    return f"event: {name}\n{place}data: {orjson.dumps(data or {}).decode()}\n\n"
