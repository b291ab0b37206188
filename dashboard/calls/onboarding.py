"""What to do while the store is empty: three steps, each with what to paste, and whether it is done."""

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest

from callstore.health.sources import Source, sources


class Paste(NamedTuple):
    """A line to paste somewhere, and where."""

    label: str
    text: str


class Step(NamedTuple):
    """One thing to set up, and the sources from which something comes once it is."""

    title: str
    about: str
    pastes: list[Paste]
    sources: list[Source]

    @property
    def is_done(self) -> bool:
        return any(source.last_at for source in self.sources)


def onboarding_steps(request: HttpRequest) -> list[Step]:
    """The three steps with this instance's own addresses."""
    base = settings.PUBLIC_BASE_URL or request.build_absolute_uri("/").rstrip("/")
    known = {source.source: source for source in sources()}
    return [
        Step(
            "Tell Twilio where to report each leg",
            "As statusCallback of the number and of the <Sip> inside <Dial>. On <Sip> name the events too.",
            [
                Paste("Status callback URL", f"{base}/hooks/twilio/status"),
                Paste("Events of <Sip>", 'statusCallbackEvent="initiated ringing answered completed"'),
            ],
            [known["twilio_callbacks"]],
        ),
        Step(
            "Let Twilio record both sides",
            "On <Dial>. The recording is the witness of what the caller said and nobody heard.",
            [
                Paste("Recording callback URL", f"{base}/hooks/twilio/recording"),
                Paste("Attribute of <Dial>", 'record="record-from-answer-dual"'),
            ],
            [known["twilio_recordings"]],
        ),
        Step(
            "Send what the AI session says",
            "The webhook for realtime.call.incoming in the OpenAI project, and the frames of the session "
            "from your own application, with a token of INGEST_TOKENS.",
            [
                Paste("Realtime webhook URL", f"{base}/hooks/openai/"),
                Paste("Where your application sends frames", f"{base}/hooks/app/"),
            ],
            [known["openai_webhook"], known["app_events"]],
        ),
    ]
