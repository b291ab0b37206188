"""What to do while the store is empty: three steps, each with what to paste."""

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest


class Paste(NamedTuple):
    """A line to paste somewhere, and where."""

    label: str
    text: str


class Step(NamedTuple):
    """One thing to set up."""

    title: str
    about: str
    pastes: list[Paste]


def onboarding_steps(request: HttpRequest) -> list[Step]:
    """The three steps with this instance's own addresses."""
    base = settings.PUBLIC_BASE_URL or request.build_absolute_uri("/").rstrip("/")
    return [
        Step(
            "Tell Twilio where to report each leg",
            "As statusCallback of the number and of the <Sip> inside <Dial>. On <Sip> name the events too.",
            [
                Paste("Status callback URL", f"{base}/hooks/twilio/status"),
                Paste("Events of <Sip>", 'statusCallbackEvent="initiated ringing answered completed"'),
            ],
        ),
        Step(
            "Let Twilio record both sides",
            "On <Dial>. The recording is the witness of what the caller said and nobody heard.",
            [
                Paste("Recording callback URL", f"{base}/hooks/twilio/recording"),
                Paste("Attribute of <Dial>", 'record="record-from-answer-dual"'),
            ],
        ),
        Step(
            "Send what the AI session says",
            "The webhook for realtime.call.incoming in the OpenAI project, and the frames of the session "
            "from your own application, with a token of INGEST_TOKENS.",
            [
                Paste("Realtime webhook URL", f"{base}/hooks/openai/"),
                Paste("Where your application sends frames", f"{base}/hooks/app/"),
            ],
        ),
    ]
