import json
import time
import uuid

import pytest
from celery.exceptions import Retry
from django.conf import settings as configured
from redis import Redis

from callstore.audio.peaks import read as read_peaks
from callstore.audio.speech import ANALYSER
from callstore.domain.facts.events import RecordingAnalysed, RecordingFailed, RecordingRemoved
from callstore.eventlog.reading import read
from callstore.media.storage import storage
from callstore.requests.recordings import FetchRecording, RemoveRecording
from ingest.arrivals import repeats
from ingest.recordings import take, tasks
from ingest.recordings.transfer import FetchFailed
from tests.audio.sounds import SCENARIOS, silence, speech, wav
from tests.ingest.media_server import serving
from tests.media import s3

pytestmark = pytest.mark.django_db

ACCOUNT = "AC" + "a" * 32
SOUND = (SCENARIOS / "founding_call" / "recording.wav").read_bytes()


@pytest.fixture
def twilio(settings, tmp_path):
    with serving() as media:
        media.answers = [(200, SOUND)]
        settings.TWILIO_API_BASE_URL = media.url
        settings.TWILIO_ACCOUNTS = {ACCOUNT: ["token"]}
        settings.RECORDING_STORAGE = str(tmp_path / "recordings")
        yield media


@pytest.fixture
def given(twilio):
    """Account, leg, SID and address of a recording that nobody has seen."""
    recording = "RE" + uuid.uuid4().hex
    url = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{recording}"
    yield ACCOUNT, "CA" + uuid.uuid4().hex, recording, url
    with Redis.from_url(configured.REDIS_URL) as redis:
        redis.delete(tasks.CLAIM + recording)


def run(given, **options):
    """The task as a worker runs it; its retries follow at once."""
    return tasks.fetch_recording.apply(kwargs=FetchRecording(*given).arguments(), **options)


def facts(leg):
    trace = read.trace_of(f"twilio:{leg}")
    return read.records([trace]) if trace else []


def test_every_try_to_fetch_is_counted_and_which_of_them_followed_a_failure(twilio, given):
    twilio.answers = [(404, b""), (503, b""), (200, SOUND)]
    run(given).get()
    counted = {each.what: each.times for each in repeats.read() if each.source == "recording_audio"}
    assert counted == {"fetched": 3, "fetched_again": 2}


def test_a_recording_is_stored_heard_and_logged(given):
    _, leg, recording, _ = given
    run(given).get()
    (fact,) = facts(leg)
    heard = fact.event
    assert isinstance(heard, RecordingAnalysed)
    assert (heard.recording, heard.analyser, heard.channels, heard.duration_s) == (
        recording,
        ANALYSER,
        2,
        29.0,
    )
    assert heard.caller[-1][1] == 29.0
    assert (fact.source, fact.subject, fact.key) == (
        "audio",
        f"twilio:{leg}",
        f"analysed:{recording}:{ANALYSER}",
    )
    assert storage().read(heard.media) == SOUND
    assert read_peaks(storage().read(heard.peaks), 0, 0, 29, 100)[2]
    assert json.loads(read.raw(fact.position))["sha256"] == heard.sha256


def test_a_recording_that_is_there_is_not_fetched_again(given, twilio):
    run(given).get()
    run(given).get()
    assert len(twilio.requests) == 1
    assert len(facts(given[1])) == 1


def test_bytes_that_were_lost_are_fetched_again_without_a_second_fact(given, twilio):
    _, leg, recording, _ = given
    run(given).get()
    (storage().root / f"{recording}.wav").unlink()
    run(given).get()
    assert storage().read(f"{recording}.wav") == SOUND
    assert len(facts(leg)) == 1


def test_two_workers_at_the_same_recording_leave_one_fact(given, monkeypatch):
    _, leg, _, _ = given
    monkeypatch.setattr(take, "_is_taken", lambda *_: False)
    take.take(*given)
    take.take(*given)
    assert len(facts(leg)) == 1


def test_not_there_yet_is_asked_again_and_is_no_failure(given, twilio):
    twilio.answers = [(404, b""), (404, b""), (200, SOUND)]
    run(given).get()
    assert len(twilio.requests) == 3
    assert [type(fact.event) for fact in facts(given[1])] == [RecordingAnalysed]


def test_a_recording_that_never_comes_is_given_up_for_good(given, twilio, monkeypatch):
    monkeypatch.setattr(tasks, "WAITS", (2, 5, 1800))
    twilio.answers = [(404, b"")]
    run(given).get()
    assert len(twilio.requests) == 4
    (fact,) = facts(given[1])
    assert fact.event == RecordingFailed(
        recording=given[2], reason="Twilio has no such recording (404)", permanent=True, gone=True
    )


def test_what_is_no_sound_is_given_up_at_once(given, twilio):
    twilio.answers = [(200, b"<html>oops</html>")]
    run(given).get()
    (fact,) = facts(given[1])
    assert fact.event.permanent and fact.event.reason.startswith("unreadable: not a sound file")
    assert fact.key == f"failed:{given[2]}:unreadable"
    assert len(twilio.requests) == 1
    assert not storage().root.exists()


def test_half_a_recording_is_not_heard_but_asked_for_again(given, twilio):
    twilio.answers = [(200, SOUND[: len(SOUND) // 2]), (200, SOUND)]
    run(given).get()
    assert [type(fact.event) for fact in facts(given[1])] == [RecordingAnalysed]
    assert len(twilio.requests) == 2


def test_a_recording_that_was_deleted_is_given_up_as_gone(given, twilio):
    twilio.answers = [(410, b"")]
    run(given).get()
    (fact,) = facts(given[1])
    assert (fact.event.permanent, fact.event.gone) == (True, True)


def test_an_mp3_is_kept_as_what_it_is(given, twilio):
    caller, agent = speech("founding_call", 0), speech("founding_call", 1)
    sound = wav(caller, agent, format="MP3", subtype="MPEG_LAYER_III")
    twilio.answers = [(200, sound)]
    run(given).get()
    (fact,) = facts(given[1])
    assert fact.event.media == f"{given[2]}.mp3"
    assert storage().read(fact.event.media) == sound
    assert take.discard(given[2]) == 2


def test_a_recording_in_a_bucket_is_stored_heard_logged_and_removed(given, settings):
    with s3.serving() as url, s3.bucket(settings, url) as outside:
        run(given).get()
        run(given).get()
        (fact,) = facts(given[1])
        assert storage().read(fact.event.media) == SOUND
        assert len(s3.keys(outside)) == 2
        assert take.discard(given[2]) == 2
        assert s3.keys(outside) == []


def test_a_bucket_that_is_away_is_a_fault_of_ours_and_passes(given, settings):
    with s3.serving() as url, s3.bucket(settings, url) as outside:
        s3.empty(outside)
        with pytest.raises(FetchFailed, match="not kept: the bucket answered NoSuchBucket") as caught:
            take.take(*given)
        assert (caught.value.ours, caught.value.permanent) == (True, False)
        outside.create_bucket(Bucket=s3.NAME)
        take.take(*given)
        assert len(s3.keys(outside)) == 2


def test_a_foreign_host_is_given_up_without_a_request(given, twilio):
    account, leg, recording, _ = given
    run((account, leg, recording, f"https://evil.example/{recording}")).get()
    (fact,) = facts(leg)
    assert fact.event == RecordingFailed(
        recording=recording, reason="host not allowed: evil.example", permanent=True
    )
    assert twilio.requests == []


def waits(given, monkeypatch, retries):
    """Seconds until the next attempt of a task that has been tried so often, or None."""
    asked = []

    def retry(**options):
        asked.append(options["countdown"])
        return Retry()

    monkeypatch.setattr(tasks.fetch_recording, "retry", retry)
    run(given, retries=retries, task_id="one")
    return asked[0] if asked else None


def test_the_waits_grow_to_half_an_hour_and_end_after_a_day(given, twilio, monkeypatch):
    twilio.answers = [(404, b"")]
    assert [waits(given, monkeypatch, n) for n in range(7)] == [2, 5, 15, 60, 300, 1800, 1800]
    assert waits(given, monkeypatch, len(tasks.WAITS)) is None
    assert 23 * 3600 < sum(tasks.WAITS) < 25 * 3600


def test_refused_tokens_are_told_at_once_and_tried_rarely(given, twilio, monkeypatch):
    twilio.tokens = set()
    assert waits(given, monkeypatch, 0) == 1800
    (fact,) = facts(given[1])
    assert (fact.event.permanent, "refused" in fact.event.reason) == (False, True)


def test_a_second_request_for_a_recording_that_is_waited_for_is_dropped(given, twilio, monkeypatch):
    twilio.answers = [(404, b"")]
    waits(given, monkeypatch, 0)
    run(given, task_id="another").get()
    assert len(twilio.requests) == 1
    run(given, task_id="one", retries=1)
    assert len(twilio.requests) == 2


def test_a_claim_ends_with_its_task_even_when_that_fails(given, monkeypatch):
    def breaks(*_):
        raise OSError("disk full")

    monkeypatch.setattr(take, "take", breaks)
    with pytest.raises(OSError, match="disk full"):
        run(given, task_id="one").get()
    with Redis.from_url(configured.REDIS_URL) as redis:
        assert not redis.exists(tasks.CLAIM + given[2])


SAID = [
    ((None, None, None, "file:///etc/passwd"), "url is no http(s) URL of at most 2,000 characters"),
    (
        (None, None, None, f"https://api.twilio.com/{'x' * 2000}"),
        "url is no http(s) URL of at most 2,000 characters",
    ),
    ((None, None, None, 7), "url is no http(s) URL of at most 2,000 characters"),
    (("AC1", None, None, None), "account_sid is no account SID"),
    (("", None, None, "https://api.twilio.com/no-account"), "account_sid is no account SID"),
    ((None, "CA1", None, None), "leg is no call SID"),
    ((None, None, "../../etc/passwd", None), "recording is no recording SID"),
]


@pytest.mark.parametrize(("bad", "said"), SAID)
def test_a_recording_that_cannot_be_asked_for_says_so_for_good(given, twilio, bad, said):
    asked = tuple(right if wrong is None else wrong for wrong, right in zip(bad, given, strict=True))
    run(asked).get()
    run(asked).get()
    (fact,) = [fact for fact in facts(asked[1]) if fact.event.recording == asked[2]]
    assert fact.event == RecordingFailed(
        recording=asked[2], reason=f"cannot be asked for: {said}", permanent=True
    )
    assert twilio.requests == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (
            "https://api.twilio.com/2010-04-01/Accounts/{0}/Recordings/\x01x",
            "the recording's URL is none of Twilio's",
        ),
        ("https://é.twilio.com/2010-04-01/Accounts/{0}/Recordings/{2}", "host not allowed: é.twilio.com"),
        (
            "https://xn--a.twilio.com/2010-04-01/Accounts/{0}/Recordings/{2}",
            "host not allowed: xn--a.twilio.com",
        ),
        ("https://api.twilio.com?/Accounts/{0}/", "the recording's URL is none of Twilio's"),
    ],
)
def test_a_recording_at_an_impossible_address_says_so_for_good(given, twilio, url, reason):
    account, leg, recording, _ = given
    run((account, leg, recording, url.format(*given))).get()
    (fact,) = facts(leg)
    assert fact.event == RecordingFailed(recording=recording, reason=reason, permanent=True)
    assert twilio.requests == []


@pytest.mark.parametrize(
    ("sound", "reason"),
    [
        (wav(*[silence(0.01)] * 1024), "unreadable: 1024 channels"),
        (wav(*[silence(1, 192_000)] * 8, rate=192_000, format="FLAC"), "unreadable: 8 channels"),
        (wav(silence(1, 192_000), rate=192_000, format="FLAC"), "unreadable: a sample rate of 192000 Hz"),
    ],
)
def test_a_sound_that_no_call_has_is_given_up_at_once(given, twilio, sound, reason):
    twilio.answers = [(200, sound)]
    run(given).get()
    (fact,) = facts(given[1])
    assert fact.event == RecordingFailed(recording=given[2], reason=reason, permanent=True)
    assert len(twilio.requests) == 1
    assert not storage().root.exists()


BAD = [
    (None, "twilio:CA1", None, None),
    (None, 7, None, None),
    (None, None, "", None),
    (None, None, None, None, "one more"),
]


@pytest.mark.parametrize("bad", BAD)
def test_a_task_that_names_no_recording_of_a_leg_is_said_and_dropped(given, twilio, bad, caplog):
    asked = [right if wrong is None else wrong for wrong, right in zip(bad, (*given, None), strict=False)]
    tasks.fetch_recording.apply(asked).get()
    assert "dropped a task ingest.fetch_recording: " in caplog.text
    assert twilio.requests == []
    assert facts(given[1]) == []


@pytest.mark.parametrize("arguments", [(), ("AC" + "0" * 32,), ("x",) * 5])
def test_arguments_of_no_version_are_said_and_dropped(twilio, arguments, caplog):
    tasks.fetch_recording.apply(arguments).get()
    assert "dropped a task ingest.fetch_recording: " in caplog.text
    assert twilio.requests == []


def test_a_fetch_that_the_version_before_enqueued_is_done_with_all_its_attempts(given, twilio):
    twilio.answers = [(404, b""), (200, SOUND)]
    tasks.fetch_recording.apply(given).get()
    assert len(twilio.requests) == 2
    assert [type(fact.event) for fact in facts(given[1])] == [RecordingAnalysed]


def test_a_fetcher_of_the_version_before_knows_the_arguments_by_their_names(given):
    def fetch_recording(account_sid, leg, recording, url):  # its signature
        return account_sid, leg, recording, url

    assert fetch_recording(**FetchRecording(*given).arguments()) == given


@pytest.fixture
def a_month_later(monkeypatch):
    """A removal is asked for thirty days after the sound came."""
    monkeypatch.setattr(take, "time", lambda: time.time() + 30 * take.DAY_S + 1)


def removed(leg, recording):
    asked = RemoveRecording(leg, recording, after_days=30)
    tasks.remove_recording.apply(kwargs=asked.arguments()).get()


def test_a_sound_that_came_yesterday_stays_whatever_is_told_of_when_its_call_began(given, monkeypatch):
    _, leg, recording, _ = given
    run(given).get()
    [heard] = facts(leg)
    monkeypatch.setattr(take, "time", lambda: time.time() + take.DAY_S)
    removed(leg, recording)
    assert storage().size(heard.event.media) and facts(leg) == [heard]


@pytest.mark.usefixtures("a_month_later")
def test_the_sound_of_an_old_recording_goes_once_and_is_never_fetched_again(given, twilio):
    _, leg, recording, _ = given
    run(given).get()
    [heard] = facts(leg)
    removed(leg, recording)
    removed(leg, recording)
    assert storage().size(heard.event.media) is None and storage().size(heard.event.peaks)
    [_, fact] = facts(leg)
    assert fact.event == RecordingRemoved(recording=recording, after_days=30)
    asked = len(twilio.requests)
    run(given).get()
    assert len(twilio.requests) == asked and len(facts(leg)) == 2


@pytest.mark.usefixtures("a_month_later")
@pytest.mark.parametrize("moment", ["fetched", "kept"])
def test_of_a_sound_that_comes_again_while_it_is_removed_nothing_stays(given, monkeypatch, moment):
    _, leg, recording, _ = given
    run(given).get()
    [heard] = facts(leg)
    storage().remove(heard.event.media)

    def comes_again(meanwhile):
        take.keep(leg, recording, lambda file: meanwhile() or file.write(SOUND))

    if moment == "fetched":
        comes_again(lambda: removed(leg, recording))
    else:  # between the removal's two steps
        discard, left = take.discard, [lambda: comes_again(lambda: None)]
        monkeypatch.setattr(take, "discard", lambda *which: (discard(*which), left and left.pop()())[0])
        removed(leg, recording)
    assert storage().size(heard.event.media) is None and storage().size(heard.event.peaks)


@pytest.mark.usefixtures("a_month_later")
def test_a_recording_that_the_storage_does_not_give_up_is_not_told_as_removed(given, settings, caplog):
    _, leg, recording, _ = given
    with s3.serving() as url, s3.bucket(settings, url) as outside:
        run(given).get()
        s3.empty(outside)  # and the bucket with it
        removed(leg, recording)
        outside.create_bucket(Bucket=s3.NAME)
    assert f"recording {recording} is not removed yet" in caplog.text
    assert len(facts(leg)) == 1
