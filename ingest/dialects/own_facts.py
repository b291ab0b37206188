"""What callstore itself did or heard, as drafts: the operator's acts, smoke tests, what was recorded."""

import json
import time
from dataclasses import asdict
from hashlib import sha256

from callstore.domain.facts import ids
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.codec import encode
from callstore.domain.facts.events import (
    CallErased,
    CallNoted,
    CallOverdue,
    Event,
    GapTranscribed,
    IncidentPublished,
    MonthRetired,
    RecordingAnalysed,
    RecordingFailed,
    RecordingNudged,
    RecordingRemoved,
    SmokeTested,
    TwilioAsked,
)
from callstore.domain.facts.record import AUDIO, OPERATOR, Draft, Source
from callstore.requests.incidents import EnterIncident
from ingest.dialects import parse

SMOKE_TEST = "callstore.smoke_test"  # the type by which a door knows one


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


def incident_id(said: EnterIncident) -> str:
    """By what an incident that somebody enters is known."""
    known_by = json.dumps([said.provider, said.title, said.started_at]).encode()
    return f"manual-{sha256(known_by).hexdigest()[:20]}"


def incident_entered(said: EnterIncident) -> Draft:
    """A provider's trouble as somebody entered it; what is said of it later is another fact."""
    event = IncidentPublished(
        provider=said.provider,
        external_id=incident_id(said),
        title=said.title,
        started_at=said.started_at,
        ended_at=said.ended_at,
        url=said.url,
    )
    raw = json.dumps(asdict(said)).encode()
    subject = parse.named("incident", event.provider, event.external_id)
    return _draft(OPERATOR, subject, parse.named("entered", sha256(raw).hexdigest()), event, raw)


def recording_analysed(leg: str, event: RecordingAnalysed) -> Draft:
    """A recording of a leg or of an AI session (by its id) was heard, known by the analyser's version."""
    return _heard(leg, f"analysed:{event.recording}:{event.analyser}", event)


def recording_failed(leg: str, event: RecordingFailed, slug: str, *, given_up: bool) -> Draft:
    """A recording could not be had, known by the kind of failure (`slug`) and by whether we gave up."""
    suffix = ":for-good" if given_up else ""
    return _heard(leg, f"failed:{event.recording}:{slug}{suffix}", event)


def recording_removed(leg: str, event: RecordingRemoved) -> Draft:
    """The sound of a recording of a leg or of an AI session was removed, which happens once."""
    return _draft(OPERATOR, ids.subject_of(leg), f"removed:{event.recording}", event)


def recording_nudged(leg: str, event: RecordingNudged) -> Draft:
    """A hand moved a recording of a leg, known by its moment: the same again is another act."""
    return _draft(OPERATOR, ids.subject_of(leg), f"nudged:{event.recording}:{time.time_ns()}", event)


def call_noted(id: str, event: CallNoted) -> Draft:
    """Somebody wrote a note of the call that has this id, known by its moment: the same again is another."""
    return _draft(OPERATOR, ids.subject_of(id), f"noted:{time.time_ns()}", event)


def gap_transcribed(leg: str, event: GapTranscribed) -> Draft:
    """The words in a gap were read, known by the gap and by who read it."""
    span = f"{event.start_s:.2f}-{event.end_s:.2f}"
    return _heard(leg, parse.named("gap", event.recording, span, event.provider, event.model), event)


def smoke_tested(door: Source, run: str, received_at: float) -> Draft:
    """A smoke test passed a door, known by the name of its run. Its padding is not kept."""
    return Draft(
        source=door,
        subject=f"smoke:{door}",
        key=parse.named("smoke", run),
        event=SmokeTested(run=run),
        occurred=Instant(received_at, Clock.RECEIVER),
        received_at=received_at,
        raw=b"",
    )


def _heard(leg: str, key: str, event: Event) -> Draft:
    """A fact of a recording. Nothing delivered it: what is kept of it as raw is the fact."""
    _, facts, personal = encode(event)
    return _draft(AUDIO, ids.subject_of(leg), key, event, json.dumps({**facts, **personal}).encode())


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
