"""Who spoke when in the answered AI leg, on the word of the first witness that knows both sides. Pure.

A recording of both sides hears what the caller heard. Without one the AI's events tell: its detector of the
caller, the playback of the agent. All moments are Unix seconds.
"""

from typing import NamedTuple

from callstore.domain.analysis.alignment import PLAYED_S
from callstore.domain.analysis.hearing import Hearing
from callstore.domain.analysis.meeting.streams import carrying
from callstore.domain.analysis.sockets import unwatched
from callstore.domain.call.call import Call
from callstore.domain.call.session import Reply, Session
from callstore.domain.facts.events import Span
from callstore.domain.facts.spans import Spans, clamp, merge, shift
from callstore.domain.facts.vocabulary import NumbersBasis

# From the caller's mouth to the AI's ear is as far as from its voice to the caller's line.
HEARD_S = PLAYED_S


class Talk(NamedTuple):
    """Both sides' speech within `window`, the part of the answered AI leg of which it is known.

    `cuts` are the moments at which the agent's playback was cut; None where the session tells of none.
    `unseen` are stretches within the window that no socket of ours watched.
    """

    basis: NumbersBasis
    window: Span
    caller: Spans
    agent: Spans
    cuts: tuple[float, ...] | None
    unseen: Spans


def talk(call: Call, hearing: Hearing) -> Talk | None:
    """Who spoke when, or None where no witness knows both sides."""
    if call.ai_leg is not None and not call.ai_leg.was_answered:
        return None
    session = call.session if call.session and call.session.frames else None
    cuts = _cuts(session) if session else None
    recording = hearing.recording
    both = recording is not None and recording.analysis is not None and recording.analysis.channels >= 2
    if hearing.recorded and both and (window := _recorded(call, hearing)):
        return _within("recording", window, hearing.caller, hearing.agent, cuts)
    if session and (window := _reflected(hearing)) and hearing.said:
        caller = shift(hearing.received_own, -HEARD_S)
        return _within("ai_events", window, caller, shift(hearing.said.speech, PLAYED_S), cuts)
    if session and (window := _watched(hearing, session)) and _tells(session, hearing):
        caller = merge(shift(hearing.turns.values(), -HEARD_S))
        return _within("ai_events", window, caller, _played(session, window), cuts, unwatched(session))
    return None


def _within(
    basis: NumbersBasis,
    window: Span,
    caller: Spans,
    agent: Spans,
    cuts: tuple[float, ...] | None,
    unseen: Spans | None = None,
) -> Talk:
    inside = None if cuts is None else tuple(cut for cut in cuts if window[0] <= cut <= window[1])
    told, said, dark = (clamp(spans or [], *window) for spans in (caller, agent, unseen))
    return Talk(basis, window, told, said, inside, dark)


def _recorded(call: Call, hearing: Hearing) -> Span | None:
    """As far as the leg was recorded: of what was not, nobody knows whether it was silent.

    Where a media stream carries the conversation, that is the part of the caller's leg that counts.
    """
    start, end = hearing.leg_start, hearing.recording_end
    if start is None or end is None:
        return None
    if (stream := carrying(call)) and stream.started:
        start = max(start, stream.started.at.at + (hearing.offset_s or 0.0))
    end = end if hearing.leg_end is None else min(end, hearing.leg_end)
    return (start, end) if start < end else None


def _reflected(hearing: Hearing) -> Span | None:
    """As far as what a Live session received was kept without a hole: sound tells more than playback."""
    if hearing.received is None or len(hearing.received.kept) != 1:
        return None
    [(start, end)] = hearing.received.kept
    end = end if hearing.leg_end is None else min(end, hearing.leg_end)
    return (start, end) if start < end else None


def _watched(hearing: Hearing, session: Session) -> Span | None:
    """As far as the session was watched: of what came before and after, its events tell nothing.

    It ends with the leg, whose clock is another: what was said was said before that.
    """
    close, first, last = session.close, session.first, session.last
    if first is None or last is None:
        return None
    # A socket that another one outlived ended nothing.
    start, end = first.at.at, max(last.at.at, close.seen.at.at if close else 0.0)
    if hearing.leg_end is not None:
        said = max((until for _, until in [*hearing.turns.values(), *hearing.playbacks]), default=start)
        end = min(end, max(hearing.leg_end, said))
    return (start, end) if start < end else None


def _tells(session: Session, hearing: Hearing) -> bool:
    """Whether its events show both sides.

    Over a WebSocket no playback is told (`output_audio_buffer.*` is WebRTC's and SIP's), and without a voice
    detector no beginning of a turn.
    """
    spoke = any(reply.spoken for reply in session.replies.values())
    wrote = any(turn.committed or turn.transcribed for turn in session.turns.values())
    played = any(reply.playing for reply in session.replies.values())
    # Of a turn without its beginning words alone say where it lies, which is no moment.
    placed = any(t.start_ms is not None for t in session.turns.values() if t.item in hearing.turns)
    return (played or not spoke) and (placed or not wrote) and (played or placed)


def _played(session: Session, window: Span) -> Spans:
    """The agent's voice as it reached the line; what was begun last and never ended went on to the end."""
    begun = sorted(_playing(session), key=lambda each: each[0])
    spans = [(start, reply.played.at.at) for start, reply in begun if reply.played]
    if begun and begun[-1][1].played is None:
        spans.append((begun[-1][0], window[1]))
    return merge(shift([(start, end) for start, end in spans if start < end], PLAYED_S))


def _playing(session: Session) -> list[tuple[float, Reply]]:
    return [(reply.playing.at.at, reply) for reply in session.replies.values() if reply.playing]


def _cuts(session: Session) -> tuple[float, ...] | None:
    ended = [reply for reply in session.replies.values() if reply.played]
    return tuple(sorted(r.played.at.at for r in ended if r.cleared and r.played)) if ended else None
