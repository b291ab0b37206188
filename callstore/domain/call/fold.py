"""fold(records) → Call: total, order-independent, and nothing but a walk over the facts in order.

Any arrival order, any duplicate and any gap gives a call. A transition that makes no sense becomes an
Anomaly in the result; nothing here raises about data.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from callstore.domain.call import (
    app_clock,
    fold_leg,
    fold_recording,
    fold_session,
    fold_transcription,
)
from callstore.domain.call.call import (
    AccountSeen,
    Ask,
    Asking,
    Call,
    MediaNote,
    Note,
    ProviderWarning,
    Statement,
)
from callstore.domain.call.copies import without_copies
from callstore.domain.call.legs import fold_conference, fold_stream, fold_summary
from callstore.domain.call.observation import Anomaly, Observation
from callstore.domain.call.session import Session
from callstore.domain.facts import ids
from callstore.domain.facts.clock import Clock
from callstore.domain.facts.events import (
    AnswererFound,
    ApiCalled,
    AppSaid,
    CallErased,
    CallNoted,
    CallOverdue,
    ConferenceChanged,
    DialFinished,
    DigitsPressed,
    FlowAnswered,
    FlowAsked,
    Frame,
    GapTranscribed,
    IncidentPublished,
    LegChanged,
    LegStatus,
    LegSummarised,
    MediaNoted,
    MonthRetired,
    ProviderWarned,
    RecordingAnalysed,
    RecordingFailed,
    RecordingNudged,
    RecordingRemoved,
    RecordingStatus,
    SessionOffered,
    SmokeTested,
    SocketClosed,
    SocketOpened,
    StreamStatus,
    TwilioAsked,
    Unrecognised,
    WatchChanged,
    WordsHeard,
    WordsWatched,
)
from callstore.domain.facts.order import in_order
from callstore.domain.facts.record import Record
from callstore.domain.facts.silence import last_news
from callstore.domain.facts.vocabulary import AiApi

# Insights and recordings are minutes late by design (twilio.com/docs/voice/voice-insights).
_LATE_BY_DESIGN = (
    LegSummarised, MediaNoted, RecordingStatus, RecordingAnalysed, RecordingFailed, GapTranscribed,
    ProviderWarned,
)  # fmt: skip
SAME_S = 0.001  # a receipt that went through the log and back


def fold(records: Iterable[Record]) -> Call:
    """The call that these facts add up to, whatever their order and however often each is given."""
    call = Call()
    ordered = in_order(list(records))
    _count(call, ordered)
    call.app_ahead_s, oddities = app_clock.ahead_of_ours(ordered)
    call.anomalies.extend(oddities)
    for record in without_copies(ordered):
        _apply(call, record)
    fold_session.finish(call)
    fold_leg.finish(call)
    fold_recording.finish(call)
    _check_accounts(call)
    return call


def _count(call: Call, records: list[Record]) -> None:
    if not records:
        return
    call.event_count = len(records)
    news = last_news(records)
    call.last_news_at = news.received_at if news else None
    call.first_position = min(r.position for r in records)
    call.last_position = max(r.position for r in records)
    # An act of ours, which may be years later, says nothing of when facts arrived.
    acts = CallErased | RecordingNudged | RecordingRemoved | CallNoted
    records = [r for r in records if not isinstance(r.event, acts)] or records
    call.last_received_at = max(r.received_at for r in records)
    prompt = [r for r in records if not (r.backfilled or isinstance(r.event, _LATE_BY_DESIGN))]
    lags = (r.received_at - r.occurred.at for r in prompt)
    call.latest_arrival_s = max(0.0, max(lags, default=0.0))
    stamped = (r for r in prompt if r.occurred.clock is Clock.PROVIDER)
    call.provider_lags_s = [max(0.0, r.received_at - r.occurred.middle) for r in stamped]


def _apply(call: Call, record: Record) -> None:
    occurred = record.occurred
    if call.app_ahead_s and occurred.clock is Clock.APP:
        occurred = replace(occurred, at=occurred.at - call.app_ahead_s)
    seen = Observation(occurred, record.position)
    subject = ids.id_of(record.subject)
    if account := getattr(record.event, "account", None):
        call.accounts.setdefault(account, AccountSeen(seen, subject))
    match record.event:
        case Frame() as frame:
            fold_session.frame(_session(call, subject), frame, seen, record.sequence)
        case LegStatus() as event:
            fold_leg.status(call, subject, event, seen, record.sequence)
        case LegSummarised() as event:
            fold_summary.summary(call, subject, event, seen)
        case MediaNoted() as event:
            call.media_notes.append(MediaNote(seen, subject, event))
        case LegChanged() as event:
            fold_leg.changed(call, subject, event, seen)
        case AnswererFound() as event:
            fold_summary.answerer(call, subject, event)
        case ConferenceChanged() as event:
            fold_conference.changed(call, subject, event, seen, record.sequence)
        case FlowAsked() | DigitsPressed() | DialFinished() as event:
            fold_leg.flow_asked(call, subject, event, seen)
        case FlowAnswered() as event:
            _answered(call, subject, event, seen)
        case ProviderWarned() as event:
            call.warnings.append(ProviderWarning(seen, subject, event.level, event.code, event.message))
        case RecordingStatus() | RecordingAnalysed() | RecordingFailed() as event:
            fold_recording.recording(call, subject, event, seen)
        case RecordingRemoved() | RecordingNudged() as event:
            fold_recording.recording(call, subject, event, seen)
        case StreamStatus() as event:
            fold_stream.stream_status(call, subject, event, seen)
        case WordsWatched() as event:
            fold_transcription.transcription_state(call, subject, event, seen)
        case WordsHeard() as event:
            fold_transcription.transcribed(call, subject, event, seen, record.sequence)
        case GapTranscribed() as event:
            fold_transcription.gap_transcribed(call, event, seen)
        case SessionOffered() as event:
            fold_session.offered(_session(call, subject), event, seen, record.received_at)
        case SocketOpened() | SocketClosed() as event:
            fold_session.socket(_session(call, subject), event, seen)
        case WatchChanged() as event:
            _session(call, subject).unwatched.extend(event.gap)
        case ApiCalled() as event:
            fold_session.api_called(_session(call, subject), event, seen)
        case AppSaid() as event:
            said = Statement(seen, event.what, event.level, event.message, event.version, event.agent)
            call.said.append(said)
        case IncidentPublished():
            pass  # an incident belongs to a provider, not to a call; calls meet it on the time axis
        case CallNoted() as event:
            call.notes.append(Note(seen, event.by, event.text, event.about))
        case CallErased():
            call.erased = call.erased or seen
        case CallOverdue() as event:
            if call.last_news_at is None or call.last_news_at <= event.since + SAME_S:
                call.overdue = seen
        case TwilioAsked() as event:
            call.asked_of_twilio.append(Asking(seen, event.step, event.attempt, event.found, event.failure))
        case MonthRetired() | SmokeTested():
            pass  # said of the log or of a door, never of a call
        case Unrecognised():
            call.unrecognised += 1
        case _ as never:
            assert_never(never)


def _check_accounts(call: Call) -> None:
    """One account has all legs of a call; whoever else tells of one does not know it from Twilio."""
    if len(call.accounts) > 1:
        (ours, first), *others = call.accounts.items()
        for theirs, other in others:
            detail = f"{other.leg} is told of by {theirs}, the call by {ours}"
            positions = (first.seen.position, other.seen.position)
            call.anomalies.append(Anomaly("other_account", detail, positions))


def _session(call: Call, ai_call: str) -> Session:
    session = call.sessions.get(ai_call)
    if session is None:
        api: AiApi = "live" if ai_call.startswith("live_") else "realtime"
        session = call.sessions[ai_call] = Session(ai_call, api)
    return session


def _answered(call: Call, leg: str, event: FlowAnswered, seen: Observation) -> None:
    """Put our answer beside its question; the two copies may be stamped by different clocks."""
    place = (leg, event.asked, event.path)
    if waiting := call.unanswered[place]:
        ask = waiting.popleft()
        ask.answered, ask.answer = seen, event
    else:
        ask = Ask(event.asked, event.path, leg, answered=seen, answer=event)
        call.asks.append(ask)
        call.unasked[place].append(ask)
