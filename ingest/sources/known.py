"""Every source that we know: its name and door, when it is switched on, where to look when it is quiet."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Known:
    """A source. `setting` names the secret without which its door refuses all; `heartbeat` the process that
    brings it; `is_on` whether it runs at all, and `switch` why not.

    `late_after_s`: what comes later than that is late; each source has a pace of its own.
    """

    source: str
    name: str
    door: str = ""
    late_after_s: float = 60.0
    setting: str = ""
    heartbeat: str = ""
    is_on: Callable[[], bool] = lambda: True
    switch: str = ""
    remedy: str = ""


# Of the sources that share a door the first tells what it refuses: a refused delivery says not what it was.
KNOWN = (
    Known(
        "twilio_callbacks", "Twilio callbacks", "twilio", setting="TWILIO_ACCOUNTS",
        remedy="Is statusCallback set on the number and on <Sip>, with all four events?",
    ),
    Known(
        "openai_webhook", "OpenAI webhook", "openai", setting="OPENAI_WEBHOOK_SECRETS",
        remedy="Is the webhook of the OpenAI project this one, and does it name realtime.call.incoming?",
    ),
    Known(
        "app_events", "Your application", "app", setting="INGEST_TOKENS",
        remedy="Does the application run, and does its token stand in INGEST_TOKENS?",
    ),
    Known(
        "observer", "Observer of AI sessions", heartbeat="watch", is_on=lambda: settings.WATCHES,
        switch="OPENAI_API_KEY is not set, so that no session is watched from here.",
        remedy="Does the process watch run? Only calls that OpenAI's webhook offers are watched.",
    ),
    Known(
        "twilio_recordings", "Recording callbacks", "twilio", late_after_s=300.0, setting="TWILIO_ACCOUNTS",
        remedy="Does <Dial> have record and recordingStatusCallback?",
    ),
    Known(
        "recording_audio", "Recordings fetched and heard", late_after_s=7200.0, heartbeat="fetcher",
        remedy="Does the process fetcher run, and is there room for recordings?",
    ),
    Known(
        "twilio_event_streams", "Event Streams and Insights", "twilio", late_after_s=2100.0,
        setting="TWILIO_ACCOUNTS", remedy="Is this the sink of Event Streams, and its subscription active?",
    ),
    Known(
        "twilio_transcription", "Twilio transcription", "twilio", setting="TWILIO_ACCOUNTS",
        remedy="Does <Start> have a <Transcription> with statusCallbackUrl?",
    ),
    Known(
        "backfill", "Asked of Twilio afterwards", late_after_s=float("inf"), heartbeat="fetcher",
        setting="TWILIO_ACCOUNTS", remedy="It is asked only for what callbacks lost: nothing is good news.",
    ),
)  # fmt: skip
