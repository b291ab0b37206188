"""A note of a call, kept with who wrote it."""

from callstore.domain.facts.events import CallNoted
from callstore.eventlog.writing.append import append
from callstore.requests.notes import WriteNote
from ingest.dialects import own_facts


def keep(asked: WriteNote) -> None:
    """The note is a fact of the log now, its text sealed under the call's key."""
    event = CallNoted(by=asked.by, text=asked.text, about=asked.about)
    append([own_facts.call_noted(asked.id, event)])
