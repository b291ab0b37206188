"""Who could have ended the call: our own acts, the caller's, the session's last signs. Facts, no verdict."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from callstore.domain.analysis.ai_clock import open_turns
from callstore.domain.analysis.finish_tools import USUAL_TOOLS, FinishTools
from callstore.domain.analysis.hearing import Hearing
from callstore.domain.analysis.meeting.caller import caller_left
from callstore.domain.analysis.meeting.departures import (
    Departure,
    conference_taken,
    dial_action,
    first_to_leave,
)
from callstore.domain.analysis.meeting.sides import ai_sent_bye
from callstore.domain.analysis.meeting.streams import stream_given_up
from callstore.domain.analysis.other_transcripts import Utterance
from callstore.domain.analysis.own_actions import finishes, hangups, last_finishes, refers
from callstore.domain.analysis.sockets import FOLLOWS_S, Sockets, lost_between, read_sockets
from callstore.domain.analysis.takeover import FlowTakeover, flow_takeover, rescued
from callstore.domain.call.call import Ask, Call, Leg
from callstore.domain.call.observation import Observation
from callstore.domain.call.session import ApiCall, Close, Session, Turn
from callstore.domain.facts.spans import Spans, clamp, total

# After the finish tool the goodbye is still spoken and played; longer than this is another story.
FINISH_WITHIN_S = 30.0
# Our application's clock against Twilio's: what we did may be stamped this much after what it led to.
CLOCKS_S = 1.0
# A callback's stamp is Twilio's, an event of the session is stamped by the application's host: time services
# keep hosts within some 0.1 s of each other, and news of an end takes up to 0.4 s (the recorded scenarios).
SKEW_S = 0.5
# How well a clock is known that was behind and set right (app_clock.py): applications do not answer at once.
BEHIND_SLACK_S = 1.0
# Half the width of the moment a leg ended, once its recording was laid on the AI's clock.
LAID_SLACK_S = 0.5
# The least caller speech that cannot be a cough, a breath or an edge of the detectors. A detector says that
# somebody speaks after some 0.2 s.
SPEECH_S = 1.5


@dataclass(slots=True)
class Ending:
    """The end of the AI leg and every actor seen near it. `caller_left` is None where nothing says.

    `moment` is the best guess of when the leg ended, in Unix seconds on the clock that stamped the AI's
    events, and `slack_s` how far off it may be. `finish` is the call of the finish tool that can have ended
    it, `finish_called` the last one there was.
    """

    leg: Leg | None = None
    end: Observation | None = None
    moment: float | None = None
    slack_s: float = 0.0
    finish: Observation | None = None
    finish_called: Observation | None = None
    hangup: Observation | None = None
    took: FlowTakeover | None = None
    departure: Departure | None = None  # who left the conference first
    ai_hung_up: bool = False  # the BYE came from the AI's side
    refer: ApiCall | None = None  # handed over, and nothing came of it
    sockets: Sockets = field(default_factory=Sockets)
    silence_s: float | None = None
    caller_left: bool | None = None
    caller_left_shown: bool = False
    caller_left_by: tuple[Observation, ...] = ()
    dial: Ask | None = None
    open_turns: list[Turn] = field(default_factory=list)  # begun, never closed
    lost: int = 0  # frames of the session that never came, near the end
    deserted: bool = False  # the session was gone for a while before the caller left

    @property
    def close(self) -> Close | None:
        """The close of the session, where one was seen."""
        return self.sockets.close

    @property
    def gone(self) -> Observation | None:
        """OpenAI's answer that there is no such session any more."""
        return self.sockets.gone

    @property
    def close_ordered(self) -> bool:
        """Whether the close says who went first: a socket that is cut with its leg says nothing."""
        close = self.close
        return close is not None and (
            close.said or self.gone is not None or self.surely_after(close.seen.at.at)
        )

    @property
    def acted(self) -> bool:
        """One of ours ended the call, the caller did or Twilio: the AI's side did not go first."""
        return self.ours_acted or self.peer_left or bool(self.caller_left and not self.deserted)

    @property
    def ours_acted(self) -> bool:
        """The agent, the application or our flow ended the call."""
        return bool(self.finish or self.hangup or self.took)

    @property
    def peer_left(self) -> bool:
        """The session says that its SIP peer left: Twilio, for whomever."""
        return self.close is not None and self.close.by_peer

    def surely_after(self, at: float) -> bool:
        """True only when the leg's end cannot have come before `at`."""
        return self.moment is not None and at < self.moment - self.slack_s


def ending(
    call: Call, hearing: Hearing, words: Sequence[Utterance] = (), tools: FinishTools = USUAL_TOOLS
) -> Ending:
    """Gather what is known of the end; every field may be missing."""
    leg = call.ai_leg
    result = Ending(leg=leg, end=leg.ended if leg else None)
    if result.end is None and leg is None and call.session and call.session.close:
        result.end = call.session.close.seen  # a session whose legs are not known is over when it closed
    if result.end:
        result.moment, result.slack_s = _moment_of_end(result.end, hearing)
        if call.app_ahead_s < 0 and not hearing.aligned:
            result.slack_s += BEHIND_SLACK_S
    result.dial = dial_action(call)
    if call.session:
        _session(result, call.session, hearing, words)
    result.departure = first = first_to_leave(call)
    result.ai_hung_up = ai_sent_bye(call) or (first is not None and first.who == "ai")
    _our_acts(result, call, tools)
    other = _another_reason(result, call, hearing)
    if result.end and (told := caller_left(call, result.dial, first, result.close, other)):
        result.caller_left, result.caller_left_shown, result.caller_left_by = told
    close = result.close
    # The socket closes at once when a caller leaves. A session that was over long before ended by itself.
    long_over = close and not close.by_peer and result.surely_after(close.seen.at.at + FOLLOWS_S)
    result.deserted = bool(result.caller_left and long_over)
    if result.finish and _finished_in_vain(result, result.finish, call.app_told):
        result.finish = None
    return result


def _another_reason(result: Ending, call: Call, hearing: Hearing) -> bool:
    """Whether the end of a leg that is alone may come of something else than its caller's leaving.

    One of ours acted; the session was gone before; or the caller is heard speaking to nobody.
    """
    close = result.close
    gone = close is not None and result.surely_after(close.seen.at.at)
    to_nobody = hearing.detects and total(unheard_at_the_end(call, hearing)) >= SPEECH_S
    return result.ours_acted or gone or to_nobody


def _moment_of_end(end: Observation, hearing: Hearing) -> tuple[float, float]:
    if hearing.aligned and hearing.leg_end is not None and hearing.hears_the_end:
        return hearing.leg_end, LAID_SLACK_S
    return end.at.middle, end.at.precision_ms / 2000 + SKEW_S


def _session(result: Ending, session: Session, hearing: Hearing, words: Sequence[Utterance]) -> None:
    result.open_turns = [t for t in open_turns(session) if t.started]
    if result.moment is not None:
        result.lost = lost_between(session, result.moment - FINISH_WITHIN_S, result.moment + CLOCKS_S)
    if result.moment is not None and session.last:
        result.silence_s = max(0.0, result.moment - session.last.at.at)
    over_from = None if result.moment is None else result.moment - result.slack_s
    result.sockets = read_sockets(session, hearing, words, over_from)


def unheard_at_the_end(call: Call, hearing: Hearing) -> Spans:
    """What the caller said after the session's last event and no detector of the AI noticed."""
    session = call.session
    if session is None or session.last is None or hearing.leg_end is None:
        return []
    return clamp(hearing.not_heard, session.last.at.at, hearing.leg_end)


def _finished_in_vain(result: Ending, finish: Observation, app_told: bool) -> bool:
    """The finish only closed our socket: nobody of ours hung up, and the line stayed open.

    The caller left it then; or may have, where the application tells what it does.
    """
    if result.hangup or result.took or not (result.caller_left or (result.caller_left is None and app_told)):
        return False
    outlived = result.sockets.outlived
    return outlived is not None and outlived.ours and outlived.seen.at.at > finish.at.at - CLOCKS_S


def _our_acts(result: Ending, call: Call, tools: FinishTools) -> None:
    closed = result.close.seen.at.at if result.close else None
    result.finish_called = max(finishes(call, tools), key=lambda s: (s.at.at, s.position), default=None)
    result.finish = _last_act_before(last_finishes(call, tools), result.moment)
    # A hang-up after the session had closed tidies up; it ended nothing.
    before = (s for s in hangups(call) if closed is None or s.at.at <= closed + CLOCKS_S)
    result.hangup = _last_act_before(before, result.moment)
    if result.end is None:
        return
    ours = stream_given_up(call, result.end, result.close) or conference_taken(call, result.departure)
    if ours and not isinstance(ours, FlowTakeover):
        result.hangup, ours = result.hangup or ours, None
    took = (flow_takeover(call, result.dial, result.end) if call.child else None) or ours
    result.took = None if took and rescued(took, result.close) else took
    if call.child and result.took is None:
        result.refer = _refer_that_led_to_the_end(refers(call), result.moment)


def _refer_that_led_to_the_end(candidates: Iterable[ApiCall], moment: float | None) -> ApiCall | None:
    near = {a.seen: a for a in candidates}
    last = _last_act_before(near, moment, within_s=60.0)
    return near[last] if last else None


def _last_act_before(
    candidates: Iterable[Observation], moment: float | None, within_s: float = FINISH_WITHIN_S
) -> Observation | None:
    """The latest act that can have led to the end: before it, and not too long before."""
    if moment is not None:
        candidates = [
            s for s in candidates if s.at.at <= moment + CLOCKS_S + 0.5 and moment - s.at.at <= within_s
        ]
    return max(candidates, key=lambda s: (s.at.at, s.position), default=None)
