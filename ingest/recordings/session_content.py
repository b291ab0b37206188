"""Fetches what OpenAI keeps of a Live session that was stored (`store: true`).

openai SDK 3.57.0, resources/live/sessions: GET /live/sessions/{session_id}/content answers with bytes. Their
container, their channels, how long they are kept, and whether it may redirect are not documented: what is no
sound that we know is given up with its reason, and no redirect is followed, for the key would go along.
"""

from typing import BinaryIO

from django.conf import settings

from ingest.recordings.transfer import FetchFailed, Place, fetch

NAME = "OpenAI"


def download(session: str, into: BinaryIO) -> None:
    """Writes the recording of a session to `into`. Raises FetchFailed."""
    if not settings.OPENAI_API_KEY:
        raise FetchFailed("no-credentials", "OPENAI_API_KEY is not set", refused=True)
    url = f"{settings.OPENAI_BASE_URL}/live/sessions/{session}/content"
    headers = {"authorization": f"Bearer {settings.OPENAI_API_KEY}", "accept": "application/binary"}
    status = fetch(Place(NAME, url, headers), into, lambda place, location: None)
    if status in (401, 403):
        raise FetchFailed("refused", "OpenAI refused the key", refused=True)
    if status in (404, 410):
        raise FetchFailed(
            "not-found", f"OpenAI has no such recording ({status})", gone=True, permanent=status == 410
        )
    if status != 200:
        raise FetchFailed(f"http-{status}", f"OpenAI answered {status}")
