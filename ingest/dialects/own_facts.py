"""What callstore itself did or heard, as drafts: the operator's acts, and what became of a recording."""

import json
import time

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.codec import encode
from callstore.domain.facts.events import (
    CallErased,
    CallOverdue,
    Event,
    GapTranscribed,
    MonthRetired,
    RecordingAnalysed,
    RecordingFailed,
    TwilioAsked,
)
from callstore.domain.facts.record import AUDIO, OPERATOR, Draft, Source
from ingest.dialects import parse


def call_erased(subject: str, reason: str) -> Draft:
    """The key of the subject's trace was destroyed; a trace has one such fact, whatever the reason."""
    return _draft(OPERATOR, subject, "erased", CallErased(reason=reason))


def call_overdue(subject: str, since: float) -> Draft:
    """Nothing came of a call any more, known by its last news: after other news it is another fact."""
    return _draft(OPERATOR, subject, f"overdue:{since:.3f}", CallOverdue(since=since))


def twilio_asked(leg: str, event: TwilioAsked) -> Draft:
    """Twilio's API was asked about the call of a leg (a call SID), known by the step and the attempt."""
    return _draft(OPERATOR, f"twilio:{leg}", parse.named("asked", event.step, event.attempt), event)


def month_retired(subject: str, event: MonthRetired) -> Draft:
    """A month left the log, known by the number of its entry among the retired."""
    return _draft(OPERATOR, subject, str(event.no), event)


def recording_analysed(leg: str, event: RecordingAnalysed) -> Draft:
    """A recording of a leg (a call SID) was heard, known by the version of the analyser."""
    return _heard(leg, f"analysed:{event.recording}:{event.analyser}", event)


def recording_failed(leg: str, event: RecordingFailed, slug: str, *, given_up: bool) -> Draft:
    """A recording could not be had, known by the kind of failure (`slug`) and by whether we gave up."""
    suffix = ":for-good" if given_up else ""
    return _heard(leg, f"failed:{event.recording}:{slug}{suffix}", event)


def gap_transcribed(leg: str, event: GapTranscribed) -> Draft:
    """The words in a gap were read, known by the gap and by who read it."""
    span = f"{event.start_s:.2f}-{event.end_s:.2f}"
    return _heard(leg, parse.named("gap", event.recording, span, event.provider, event.model), event)


def _heard(leg: str, key: str, event: Event) -> Draft:
    """A fact of a recording. Nothing delivered it: what is kept of it as raw is the fact."""
    _, facts, personal = encode(event)
    return _draft(AUDIO, f"twilio:{leg}", key, event, json.dumps({**facts, **personal}).encode())


def _draft(source: Source, subject: str, key: str, event: Event, raw: bytes = b"") -> Draft:
    now = time.time()
    return Draft(
        source=source,
        subject=subject,
        key=key,
        event=event,
        occurred=Instant(now, Clock.RECEIVER),
        received_at=now,
        raw=raw,
    )
