"""What the caller said against what the AI heard and wrote down: three witnesses laid on one clock.

The recording is the witness of speech, the AI's voice detector (VAD) of hearing, its transcript of words.
All spans here are Unix seconds on the clock that stamped the AI's events.
"""

from dataclasses import dataclass, field

from callstore.domain.analysis.ai_clock import ai_zero, open_turns, playbacks, turn_spans
from callstore.domain.analysis.alignment import Alignment, align
from callstore.domain.analysis.best_recording import best_recording, ended_at, leg_in, nominal_start
from callstore.domain.analysis.bleed import bleed
from callstore.domain.analysis.half_seen import by_speech, by_words, reaches
from callstore.domain.analysis.live.clock import held_back
from callstore.domain.analysis.live.reflection import Reflection, reflection
from callstore.domain.analysis.second_ear import missed_speech
from callstore.domain.call.call import Call, Leg
from callstore.domain.call.media import Recording
from callstore.domain.call.session import Session
from callstore.domain.facts.events import RecordingAnalysed, Span
from callstore.domain.facts.spans import Spans, clamp, intersect, merge, shift, subtract, total
from callstore.domain.facts.vocabulary import LossKind

# Pauses under 0.3 s are breath inside one utterance (contract, untranscribed_caller_speech_s).
BRIDGE_S = 0.3
# Edges of two detectors differ by this much on the same speech; shorter remainders are edge, not speech.
EDGE_S = 0.25
SLIVER_S = 0.4
# How far recording and AI events may still be apart once turns were laid on speech, and by stamps alone.
LAID_SPREAD_S = 0.3
STAMP_SPREAD_S = 1.0
# A recording that stops this long before the leg cannot say whether the caller was speaking at its end.
BLIND_S = 1.0


@dataclass(slots=True)
class Hearing:
    """The witnesses of one call. `recorded` is False when no analysed recording tells who spoke.

    `watched` is False when no event of the AI session was seen: nobody can then say what it heard.
    `detects` is False for an API that tells of no voice detector (Live): what it heard is then what it wrote
    down and, where somebody kept it, what its sideband reflected: `received` of the caller, `said` of the
    agent.
    """

    recorded: bool = False
    watched: bool = False
    since: float = 0.0  # when the conversation began, where the call had others before it
    detects: bool = True
    received: Reflection | None = None
    received_own: Spans = field(default_factory=list)  # the caller in it, without the agent's echo
    said: Reflection | None = None
    held: Spans = field(default_factory=list)  # when it was given nothing to hear
    lived_until: float | None = None  # its last event, or its close
    recording: Recording | None = None
    recording_start: float | None = None
    recording_end: float | None = None
    swapped: bool = False  # the channels are the wrong way round, and were read the right way
    echo: Spans = field(default_factory=list)  # the agent on the caller's channel, by its shape
    offset_s: float | None = None  # the AI's clock minus Twilio's stamps, as the recording shows it
    spread_s: float = STAMP_SPREAD_S  # how far recording and AI clock may still be apart
    aligned: bool = False
    ai_zero: float | None = None
    ai_spread_s: float = 0.0
    leg_start: float | None = None  # of the recorded part
    leg_end: float | None = None
    caller: Spans = field(default_factory=list)
    bleed: Spans = field(default_factory=list)  # the agent on the caller's channel, by what the AI shows
    agent: Spans = field(default_factory=list)
    heard: Spans = field(default_factory=list)
    transcribed: Spans = field(default_factory=list)
    untranscribed: Spans = field(default_factory=list)
    not_heard: Spans = field(default_factory=list)
    turns: dict[str, Span] = field(default_factory=dict)  # when each turn was spoken
    closed: Spans = field(default_factory=list)  # those whose end is no guess
    playbacks: Spans = field(default_factory=list)  # when the agent's audio was played, by its events

    @property
    def hears_the_end(self) -> bool:
        """Whether the recording reaches the leg's end."""
        if not self.recorded or self.leg_end is None or self.recording_end is None:
            return False
        return self.leg_end - self.recording_end <= BLIND_S

    def unheard_in(self, lost: Spans, edge_s: float = 0.0) -> Spans:
        """What of lost speech never reached the AI.

        Its detector tells, or what its sideband reflected, as far as that was kept; with neither only what
        came after its end is sure.
        """
        unheard = subtract(lost, merge((s - edge_s, e + edge_s) for s, e in self.heard))
        if self.detects:
            return unheard
        measured = intersect(unheard, self.received.kept) if self.received else []
        return merge([*measured, *clamp(lost, self.lived_until or 0.0, float("inf"))])

    def kind_of(self, lost: Spans, unheard: Spans) -> LossKind:
        """What lost speech is for its larger part."""
        half = total(lost) / 2
        if total(unheard) > half:
            return "not_heard"
        measured = self.received.kept if self.received else []
        known = self.detects or total(intersect(lost, measured)) >= half
        return "heard_not_transcribed" if known else "unknown"


def hear(call: Call) -> Hearing:
    """Lay recording, VAD and transcript on one clock and say which caller speech nobody wrote down."""
    hearing = Hearing(since=call.since or 0.0)
    leg, session = call.ai_leg, call.session
    if session:
        hearing.watched = session.frames > 0
        hearing.ai_zero, hearing.ai_spread_s = ai_zero(session)
        hearing.turns = turn_spans(session, hearing.ai_zero, leg)
        unclosed = {turn.item for turn in open_turns(session)}
        hearing.closed = sorted(span for item, span in hearing.turns.items() if item not in unclosed)
        hearing.playbacks = merge(playbacks(session, hearing.ai_zero))
        _receive(hearing, session)
    recording = best_recording(call)
    if recording and recording.analysis:
        _listen(hearing, recording, recording.analysis, leg, ended_at(call))
    if hearing.leg_end is None:
        hearing.leg_end = ended_at(call)
    if session:
        _attend(hearing, session, erased=call.erased is not None)
    if hearing.watched:
        _part_from_bleed(hearing)
        _compare(hearing)
    return hearing


def _receive(hearing: Hearing, session: Session) -> None:
    """What the sideband reflected of both sides."""
    received = hearing.received = reflection(session.live, "caller", hearing.ai_zero)
    said = hearing.said = reflection(session.live, "agent", hearing.ai_zero)
    if received:
        speaking = said.speech if said else hearing.playbacks
        echo = bleed(received.speech, speaking, hearing.turns.values(), EDGE_S)
        hearing.received_own = subtract(received.speech, echo)


def _attend(hearing: Hearing, session: Session, erased: bool) -> None:
    """What the AI heard and wrote down, turns that were seen in part included."""
    begun = session.first.at.at if session.first else 0.0
    for item, reach in reaches(session, hearing.ai_zero, dict(hearing.turns), begun).items():
        hearing.turns[item] = (
            by_speech(reach, hearing.caller, hearing.spread_s) if hearing.recorded else by_words(reach)
        )
    # What was said in an erased call is gone; that it was written down is not.
    written = {t.item for t in session.turns.values() if t.transcribed and (erased or (t.text or "").strip())}
    hearing.detects, live = session.has_detector, session.live
    hearing.held = held_back(live, hearing.leg_end or float("inf"))
    last = [s.at.at for s in (session.last, session.close and session.close.seen) if s]
    hearing.lived_until = max(last, default=None)
    received = hearing.received.speech if hearing.received else ()
    hearing.heard = merge([*hearing.turns.values(), *received])
    hearing.transcribed = merge(s for item, s in hearing.turns.items() if item in written)


def _listen(
    hearing: Hearing,
    recording: Recording,
    analysis: RecordingAnalysed,
    leg: Leg | None,
    ended: float | None,
) -> None:
    nominal = nominal_start(recording, leg, analysis.duration_s)
    if nominal is None:
        return
    # One mixed channel cannot say who spoke; one channel of the inbound track is the caller's alone.
    hearing.recorded = analysis.channels >= 2 or recording.track == "inbound"
    hearing.recording = recording
    laid = _align(hearing, analysis, nominal)
    start = hearing.recording_start = laid.start + recording.nudge_s
    hearing.recording_end = start + analysis.duration_s
    hearing.swapped = laid.swapped
    hearing.offset_s = round(start - nominal, 3) if hearing.aligned else None
    hearing.leg_start, hearing.leg_end = leg_in(start, start - nominal, analysis.duration_s, leg, ended)
    hearing.echo = shift(analysis.agent_echo if laid.swapped else analysis.echo, start)
    hearing.caller = clamp(shift(laid.caller, start), hearing.leg_start, hearing.leg_end)
    hearing.agent = clamp(shift(laid.agent, start), hearing.leg_start, hearing.leg_end)


def _align(hearing: Hearing, analysis: RecordingAnalysed, nominal: float) -> Alignment:
    """The recording on the AI's clock by its turns; by its stamps where nothing ties the two."""
    own = merge(subtract(merge(analysis.caller), merge(analysis.echo)), BRIDGE_S)
    agent = merge(subtract(merge(analysis.agent), merge(analysis.agent_echo)), BRIDGE_S)
    # The wrong way round, what was taken for echo on the first channel is the agent itself.
    crossed = agent, merge([*analysis.caller, *analysis.echo], BRIDGE_S)
    turns = hearing.received_own or hearing.closed or sorted(hearing.turns.values())
    turns = turns if hearing.recorded else []
    laid = align(own, agent, turns, hearing.playbacks, nominal, crossed if analysis.channels > 1 else None)
    hearing.aligned = laid is not None
    hearing.spread_s = LAID_SPREAD_S if laid else STAMP_SPREAD_S
    return laid or Alignment(nominal, STAMP_SPREAD_S, own, agent)


def _part_from_bleed(hearing: Hearing) -> None:
    """What sounds on an echoing line while the agent speaks, and the AI does not hear, is the agent.

    Most of it is known before by its shape (callstore/audio/echo.py); what a room changed too much is left.
    """
    speaking = merge([*hearing.agent, *hearing.playbacks] if hearing.aligned else hearing.agent)
    # Whatever echoes on the line is reflected as well: only a detector tells it from a voice.
    heard = hearing.heard if hearing.detects else hearing.turns.values()
    hearing.bleed = bleed(hearing.caller, speaking, heard, EDGE_S, known=bool(hearing.echo))
    own = subtract(hearing.caller, hearing.bleed)
    if hearing.detects and hearing.aligned and hearing.leg_end is not None:
        missed = missed_speech(own, hearing.turns.values(), hearing.closed, hearing.leg_end)
        own = merge([*own, *missed], BRIDGE_S)
    hearing.caller = [s for s in own if s[1] - s[0] >= SLIVER_S or s in hearing.caller]


def _compare(hearing: Hearing) -> None:
    # What was said while the input was held back was meant to be lost.
    covered = merge((s - EDGE_S, e + EDGE_S) for s, e in [*hearing.transcribed, *hearing.held])
    hearing.untranscribed = [s for s in subtract(hearing.caller, covered) if s[1] - s[0] >= SLIVER_S]
    unheard = hearing.unheard_in(hearing.untranscribed, EDGE_S)
    hearing.not_heard = [s for s in unheard if s[1] - s[0] >= SLIVER_S]
