"""What OpenAI keeps of a stored Live session: fetched with the project's key, kept as a second recording."""

import uuid

import pytest
from django.conf import settings as configured
from redis import Redis

from callstore.domain.facts.events import RecordingAnalysed, RecordingFailed
from callstore.eventlog.reading import read
from callstore.media.storage import storage
from callstore.requests.recordings import FetchSessionRecording
from ingest.recordings import take, tasks
from tests.audio.sounds import SCENARIOS
from tests.ingest.media_server import serving

pytestmark = pytest.mark.django_db

SOUND = (SCENARIOS / "founding_call" / "recording.wav").read_bytes()


@pytest.fixture
def openai(settings, tmp_path):
    with serving() as media:
        media.answers = [(200, SOUND)]
        settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = media.url, "token"
        settings.RECORDING_STORAGE = str(tmp_path / "recordings")
        yield media


@pytest.fixture
def session(openai):
    session = f"live_{uuid.uuid4().hex}"
    yield session
    with Redis.from_url(configured.REDIS_URL) as redis:
        redis.delete(tasks.CLAIM + session)


def run(session):
    tasks.fetch_session_recording.apply(kwargs=FetchSessionRecording(session).arguments()).get()


def facts(session):
    trace = read.trace_of(f"openai:{session}")
    return [record.event for record in read.records([trace])] if trace else []


def test_it_is_stored_heard_and_logged_once(session, openai):
    openai.answers = [(404, b""), (200, SOUND)]
    run(session)
    run(session)
    [heard] = facts(session)
    assert isinstance(heard, RecordingAnalysed)
    assert (heard.recording, heard.media, heard.channels) == (session, f"{session}.wav", 2)
    assert storage().read(heard.media) == SOUND
    [path, headers] = openai.requests[-1]
    assert (path, headers["authorization"]) == (f"/live/sessions/{session}/content", "Bearer token")
    assert len(openai.requests) == 2
    assert take.discard(session) == 2


def test_a_container_that_nobody_knows_is_given_up_with_its_reason(session, openai):
    openai.answers = [(200, b"OAI1" + bytes(1000))]
    run(session)
    [failed] = facts(session)
    assert isinstance(failed, RecordingFailed) and failed.permanent
    assert failed.reason.startswith("unreadable: not a sound file")


def test_the_key_goes_nowhere_else(session, openai):
    with serving() as elsewhere:
        openai.answers = [(307, f"{elsewhere.url}/x".encode())]
        run(session)
        assert elsewhere.requests == []
    [failed] = facts(session)
    assert (failed.reason, failed.permanent) == ("OpenAI sent us to another place", True)


@pytest.mark.parametrize("session", ["rtc_" + "a" * 32, "live_../../files", "live_a", "", None])
def test_what_is_no_session_is_never_asked_for(openai, session, caplog):
    tasks.fetch_session_recording.apply(kwargs={"session": session}).get()
    assert "dropped a task ingest.fetch_session_recording" in caplog.text
    assert openai.requests == []
