"""A Live session told interval by interval, as its sideband does."""

from dataclasses import replace

from callstore.domain.facts import events as ev
from callstore.domain.facts.record import Record
from tests.builders import AI, Story, answered_call, at, clock

LIVE_ZERO = "00:18:23.4"  # where its clock began
LAG_S = 0.7  # from the last sound of a piece to its text
PIECE_S = 0.5
STORED = "live_" + "a" * 24  # the id of a session that OpenAI keeps a recording of


def started(story: Story | None = None, zero: str = LIVE_ZERO) -> Story:
    """The leg was answered at 00:18:23 and ended at 00:18:52, the caller still there."""
    story = story or answered_call().dial_action("00:18:52.4")
    fields = {"session": "live_1", "model": "gpt-live-1", "tools": ("finish_session",)}
    return story.frame(ev.SessionConfigured, later(zero, 0.1), kind="session.started", **fields)


def said(story: Story, start: str, end: str, text: str = "Some words.", side="caller", **told) -> Story:
    """Words from `start` to `end`, in pieces of half a second."""
    at_, until, zero = at(start), at(end), at(told.pop("zero", LIVE_ZERO))
    kind = f"session.{'input' if side == 'caller' else 'output'}_transcript.delta"
    pieces = max(1, round((until - at_) / PIECE_S))
    for number in range(pieces):
        begin = at_ + (until - at_) * number / pieces
        stop = at_ + (until - at_) * (number + 1) / pieces
        piece = text[len(text) * number // pieces : len(text) * (number + 1) // pieces]
        story.frame(
            ev.IntervalTranscribed, clock((stop + LAG_S) % 86400), kind=kind, side=side,
            start_ms=round((begin - zero) * 1000), end_ms=round((stop - zero) * 1000), text=piece, **told,
        )  # fmt: skip
    return story


def held(story: Story, by: str, start: str, end: str | None = None) -> Story:
    """The model got silence from `start`, and its input again from `end`."""
    story.frame(ev.InputHeld, start, by=by, held=True)
    return story.frame(ev.InputHeld, end, by=by, held=False) if end else story


def used(story: Story, *moments: str) -> Story:
    """The session says how long it has lasted: it lives."""
    for moment in moments:
        seconds = at(moment) - at(LIVE_ZERO)
        story.frame(ev.UsageReported, moment, kind="session.usage.updated", seconds=seconds)
    return story


def later(moment: str, by: float) -> str:
    return clock((at(moment) + by) % 86400)


def of_stored(story: Story) -> list[Record]:
    """The records as those of a stored session, by its own id."""
    records = (replace(r, subject=r.subject.replace(AI, STORED)) for r in story.records)
    return [
        replace(r, event=replace(r.event, stored=True)) if isinstance(r.event, ev.SessionConfigured) else r
        for r in records
    ]
