"""A Live session's own clock on the wall's, and the stretches in which it was given nothing to hear."""

from callstore.domain.call.live import Live
from callstore.domain.call.session import Session
from callstore.domain.facts.spans import Spans, merge

# Where a clock began with `session.started`, the earliest text comes at most this long after its words.
TEXT_WITHIN_S = 1.5
SOUND_WITHIN_S = 0.5  # and reflected sound this long after it was made
# "at most 30 seconds" (openai SDK 3.57.0, types/live/output_audio_fixture_play_event); the end of one that is
# cancelled or fails is never told.
FIXTURE_S = 30.0


def live_zero(session: Session) -> tuple[float | None, float]:
    """When the session's clock was at 0, in Unix seconds, and the spread of what says so.

    The least delayed piece tells: what was said cannot be written down before, nor reflected, which is done
    at once. The session's start, which is the 0 by its documentation, is believed where the pieces do not
    come so late that they rule it out.
    """
    live = session.live
    sounds = [
        seen.at.at - heard.duration_s - heard.start_ms / 1000
        for seen, heard in live.reflected
        if heard.start_ms is not None
    ]
    pairs, within = sorted(sounds or _written(live)), SOUND_WITHIN_S if sounds else TEXT_WITHIN_S
    started = live.started.at.at if live.started else None
    if not pairs:
        return started, 0.0
    spread = round(pairs[len(pairs) // 2] - pairs[0], 3)
    if started is not None and pairs[0] - within <= started <= pairs[0]:
        return started, spread
    return pairs[0], spread


def _written(live: Live) -> list[float]:
    """When the clock was at 0 at the latest, by each piece of text: by the caller's, else by the agent's."""
    found = [i.seen.at.at - i.end_ms / 1000 for i in live.intervals if i.side == "caller"]
    found += [seen.at.at - offset_ms / 1000 for seen, offset_ms in live.delegated]
    return found or [i.seen.at.at - i.end_ms / 1000 for i in live.intervals]


def held_back(live: Live, end: float) -> Spans:
    """When the model was given silence, whoever spoke: muted, or while a fixture played. Until `end`."""
    found: Spans = []
    for by, longest in (("mute", end), ("fixture", FIXTURE_S)):
        since: float | None = None
        for hold in (h for h in live.holds if h.by == by):
            at = hold.seen.at.at
            if hold.held:
                since = at if since is None else since
            elif since is not None:
                found.append((since, min(at, since + longest)))
                since = None
        if since is not None:
            found.append((since, min(end, since + longest)))
    return merge(found)
