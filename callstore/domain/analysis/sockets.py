"""What the observers' sockets say: which close was the session's, which only a socket's, what never came."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from callstore.domain.analysis.ai_clock import ON_ITS_WAY_S
from callstore.domain.analysis.hearing import Hearing
from callstore.domain.analysis.other_transcripts import Utterance
from callstore.domain.call.observation import Observation
from callstore.domain.call.session import Close, Session
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.spans import Spans, clamp, merge, subtract, total
from callstore.domain.facts.vocabulary import Speaker

# A leg follows a session that is gone within seconds. One that goes on for longer lost only its observer
# (pattern P5).
FOLLOWS_S = 5.0
AGENT_TALKS_S = 1.0
# A caller who speaks for this long and gets no answer within this is speaking to nobody.
UNANSWERED_S = 1.5
ANSWER_S = 2.0
# Codes from here on are the API's own (RFC 6455 §7.4.2): they speak of what our side sent.
PRIVATE = 4000
# An observer says every second that he watches (ingest/watch/leases.py): what he saw last may be younger.
RENEWED_S = 2.0


class Sockets(NamedTuple):
    """`close` is the session's. `dropped` decides nothing: our own close, or one that the session outlived.

    `lived_on` is what shows that it did, `follows` whether the leg went on for more than five seconds,
    `blind` whether nobody watched from then on, `gone` OpenAI's word that there is no such session any more,
    `unseen` whether an observer of the session was lost, and nobody watched until the leg was over.
    """

    close: Close | None = None
    dropped: Close | None = None
    lived_on: tuple[Observation, ...] = ()
    follows: bool = False
    blind: bool = False
    gone: Observation | None = None
    unseen: bool = False

    @property
    def outlived(self) -> Close | None:
        """The close after which the call went on, unobserved or by another socket."""
        return self.dropped if self.follows or self.lived_on else None

    @property
    def told(self) -> Close | None:
        """The close that is told: the session's, or OpenAI's refusal of our socket, which decides nothing."""
        refused = self.dropped is not None and self.dropped.said and (self.dropped.code or 0) >= PRIVATE
        return self.close or (self.dropped if refused else None)


def read_sockets(
    session: Session, hearing: Hearing, words: Sequence[Utterance], leg_over_from: float | None
) -> Sockets:
    """What the sockets tell of the session's end.

    `leg_over_from` is the earliest moment, in Unix seconds, at which the leg can have ended; None: not known.
    """
    gone = _gone(session, leg_over_from)
    unseen = gone is None and _unseen(session, leg_over_from)
    lost = session.close or session.last_closed
    if lost is None or session.parting:
        return Sockets(session.close, blind=unseen and session.close is None, gone=gone, unseen=unseen)
    if any(_later_signs(session, lost.seen.at.at)):
        lost = session.last_closed or lost  # what closed last says what was seen of the end
    at = lost.seen.at.at
    follows = leg_over_from is not None and at + FOLLOWS_S < leg_over_from
    lived_on = [*_later_signs(session, at), *(_voices(hearing, words, at) if follows else ())]
    over = gone is not None or (follows and _unanswered(hearing, words, at))
    if lost.ours or lived_on or (follows and not over):
        blind = unseen or (bool(follows or lived_on) and session.last not in lived_on)
        return Sockets(None, lost, tuple(lived_on), follows, blind, gone, unseen)
    return Sockets(lost, gone=gone)


def _later_signs(session: Session, at: float) -> Iterator[Observation]:
    """Frames and sockets that came later."""
    if session.last and session.last.at.at > at + ON_ITS_WAY_S:
        yield session.last
    for socket in session.connections.values():
        if socket.opened and not socket.refused and socket.opened.at.at > at:
            yield socket.opened


def _voices(hearing: Hearing, words: Iterable[Utterance], at: float) -> Iterator[Observation]:
    """The agent, heard on the line long after: in the recording, or by Twilio's transcription."""
    end = hearing.leg_end
    analysed = hearing.recording.analysed if hearing.recorded and hearing.recording else None
    if analysed and end is not None and total(clamp(hearing.agent, at + FOLLOWS_S, end)) >= AGENT_TALKS_S:
        yield analysed
    if last := max(_said(words, "agent", at), key=lambda w: w.end, default=None):
        yield Observation(Instant(last.end, Clock.PROVIDER), last.positions[-1])


def _said(words: Iterable[Utterance], who: Speaker, at: float) -> list[Utterance]:
    """What Twilio's transcription heard of one side that surely began later."""
    return [w for w in words if w.speaker == who and w.start - w.spread_s > at + ON_ITS_WAY_S]


def _unanswered(hearing: Hearing, words: Sequence[Utterance], at: float) -> bool:
    """Whether the caller is heard speaking to nobody from then on: the session was over.

    Without a recording by Twilio's transcription, where it had written the agent's words before.
    """
    if hearing.leg_end is None:
        return False
    until = hearing.leg_end - ANSWER_S
    if hearing.recorded:
        asked = total(clamp(hearing.caller, at, until))
        return asked >= UNANSWERED_S and total(clamp(hearing.agent, at + ON_ITS_WAY_S, until)) < AGENT_TALKS_S
    wrote = any(w.speaker == "agent" and w.end <= at + ON_ITS_WAY_S for w in words)
    asked = total(clamp(merge((w.start, w.end) for w in _said(words, "caller", at)), at, until))
    return wrote and asked >= UNANSWERED_S and not _said(words, "agent", at)


def _gone(session: Session, before: float | None) -> Observation | None:
    """The first attempt to attach that OpenAI answered with 404, in the life of the leg and for good."""
    refused = (c.opened for c in session.connections.values() if c.opened and c.http_status == 404)
    for seen in refused:
        if before is not None and seen.at.at < before and not any(_later_signs(session, seen.at.at)):
            return seen
    return None


def _unseen(session: Session, leg_over_from: float | None) -> bool:
    """Whether an observer was lost after the session's last event, and nobody watched to the leg's end."""
    if leg_over_from is None or session.last is None:
        return False
    opened = [c.opened.at.at for c in session.connections.values() if c.opened and not c.refused]
    return any(
        session.last.at.at <= start + RENEWED_S
        and (end >= leg_over_from or not any(at > start for at in opened))
        for start, end in session.unwatched
    )


def lost_between(session: Session, start: float, end: float) -> int:
    """How many frames never came, of those that were due between two moments (Unix seconds)."""
    after = [seen.at.at for c in session.connections.values() for seen in c.lost.values()]
    return sum(start <= at <= end for at in after)


def unwatched(session: Session) -> Spans:
    """When no socket of ours was open, between two that were, or as its observers say: nobody saw it.

    An observer speaks for himself: while he was lost another may have watched.
    """
    open_ = []
    others = len(session.connections) > 1 or session.unwatched
    for socket in session.connections.values():
        began = socket.first if socket.opened is None or socket.refused else socket.opened
        ended = socket.closed or (socket.last if others else None)
        if began and socket.frames:
            open_.append((began.at.at, ended.at.at if ended else float("inf")))
    watched = merge(open_)
    between = [(before[1], after[0]) for before, after in pairwise(watched)]
    return merge([*between, *subtract(merge(session.unwatched), watched)])
