import io
import socket
import threading
import time
from contextlib import contextmanager, suppress

import pytest
import zstandard

from ingest.providers.twilio.accounts import tokens
from ingest.recordings import transfer as module
from ingest.recordings.download import download, onward, request_for
from ingest.recordings.transfer import FetchFailed, Place
from tests.ingest.media_server import serving

ACCOUNT = "AC" + "a" * 32
RECORDING = "RE" + "1" * 32
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Recordings/{RECORDING}"
URL = f"https://api.twilio.com{PATH}"


@pytest.fixture
def twilio(settings):
    with serving() as media:
        media.answers = [(200, b"sound")]
        settings.TWILIO_API_BASE_URL = media.url
        settings.TWILIO_ACCOUNTS = {ACCOUNT: ["token"]}
        yield media


def fetched(url=URL):
    into = io.BytesIO()
    download(ACCOUNT, url, into)
    return into.getvalue()


def failure(url=URL):
    with pytest.raises(FetchFailed) as caught:
        fetched(url)
    return caught.value


def test_two_channels_are_asked_for_with_the_path_unchanged_and_the_true_host_named(twilio):
    assert fetched() == b"sound"
    ((path, headers),) = twilio.requests
    assert path == f"{PATH}.wav?RequestedChannels=2"
    assert headers["X-Original-Host"] == "api.twilio.com"


def test_without_a_proxy_twilio_itself_is_asked(settings):
    settings.TWILIO_API_BASE_URL = ""
    assert request_for(URL) == (f"{URL}.wav", {})


def test_a_url_that_names_a_format_is_asked_for_as_wav(settings):
    settings.TWILIO_API_BASE_URL = ""
    for extension in (".wav", ".mp3", ".json"):
        assert request_for(URL + extension)[0] == f"{URL}.wav"


def test_a_recording_without_a_second_channel_is_fetched_with_one(twilio):
    twilio.channels = 1
    assert fetched() == b"sound"
    assert [path for path, _ in twilio.requests] == [
        f"{PATH}.wav?RequestedChannels=2",
        f"{PATH}.wav?RequestedChannels=1",
    ]


def test_during_rotation_the_next_token_is_tried(twilio, settings):
    settings.TWILIO_ACCOUNTS = {ACCOUNT: ["old", "token"]}
    assert fetched() == b"sound"
    assert len(twilio.requests) == 2


def test_when_every_token_is_refused_a_person_has_to_act(twilio):
    twilio.tokens = set()
    refused = failure()
    assert (refused.slug, refused.refused, refused.permanent) == ("refused", True, False)


def test_without_any_token_nobody_is_asked(twilio, settings):
    settings.TWILIO_ACCOUNTS = {}
    assert failure().slug == "no-credentials"
    assert twilio.requests == []


def test_a_sub_account_is_opened_with_its_parents_token(settings):
    settings.TWILIO_ACCOUNTS = {"ACparent": ["one", "two"]}
    assert tokens(ACCOUNT) == [("ACparent", "one"), ("ACparent", "two")]


def test_an_accounts_own_tokens_come_alone(settings):
    settings.TWILIO_ACCOUNTS = {"ACother": ["x"], ACCOUNT: ["one"]}
    assert tokens(ACCOUNT) == [(ACCOUNT, "one")]


FOREIGN = [
    f"https://evil.example{PATH}",
    f"https://twilio.com.evil.example{PATH}",
    f"https://eviltwilio.com{PATH}",
    f"https://api.twilio.com@evil.example{PATH}",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/",
    f"https://bucket.s3.amazonaws.com/{RECORDING}",
    "https:///no-host",
    f"https://api.evil.example\\.twilio.com{PATH}",
    f"https://evil.example%2f.twilio.com{PATH}",
    f"https://api.evil .twilio.com{PATH}",
    f"https://é.twilio.com{PATH}",
    f"https://api.é.twilio.com{PATH}",
    f"https://xn--a.twilio.com{PATH}",
    f"https://www.twilio.com{PATH}",
    f"https://twilio.com{PATH}",
    f"https://api..twilio.com{PATH}",
    f"https://api.a.b.c.twilio.com{PATH}",
]


@pytest.mark.parametrize("url", FOREIGN)
def test_no_host_but_twilios_is_ever_asked(twilio, url):
    failed = failure(url)
    assert (failed.slug, failed.permanent) == ("host-not-allowed", True)
    assert twilio.requests == []


ODD = [
    f"http://api.twilio.com{PATH}",
    f"https://api.twilio.com:8443{PATH}",
    f"https://user:word@api.twilio.com{PATH}",
    f"https://@api.twilio.com{PATH}",
    "https://api.twilio.com:port/",
    "https://[broken/",
    f"https://api.twilio.com?{PATH}",
    f"https://api.twilio.com#{PATH}",
    "https://api.twilio.com",
    f"https://api.twilio.com/../..{PATH}",
    f"https://api.twilio.com{PATH}/../../../../secrets",
    f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/\x01x",
    f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{RECORDING}%2f..%2fx",
    f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{RECORDING}.wav.exe",
    f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}.json",
    f"https://api.twilio.com{PATH}\n",
    f"https://api.twilio.com{PATH}é",
    f"https://api.twilio.com/{'x' * 1900}",
]


@pytest.mark.parametrize("url", ODD)
def test_only_the_plain_https_address_of_a_recording_is_asked(twilio, url):
    failed = failure(url)
    assert (failed.slug, failed.permanent) == ("bad-url", True)
    assert twilio.requests == []


@pytest.mark.parametrize("base", ["", "http://proxy.internal/twilio"])
@pytest.mark.parametrize(
    "host", ["api.twilio.com", "api.ie1.twilio.com", "api.dublin.ie1.twilio.com", "API.Twilio.com"]
)
@pytest.mark.parametrize("of", ["", "/Calls/CA" + "2" * 32])
def test_a_recording_is_asked_for_in_the_region_where_it_lies(settings, host, of, base):
    settings.TWILIO_API_BASE_URL = base
    path = f"/2010-04-01/Accounts/{ACCOUNT}{of}/Recordings/{RECORDING}"
    address, headers = request_for(f"https://{host}{path}.mp3?Download=true")
    assert address == f"{base or 'https://' + host.lower()}{path}.wav"
    assert headers == ({"X-Original-Host": host.lower()} if base else {})


def test_a_base_address_that_is_none_is_told_and_tried_again(settings):
    settings.TWILIO_ACCOUNTS = {ACCOUNT: ["token"]}
    for base in ("http://[proxy", "http://proxy\x01", "proxy.internal", "http://xn--a.internal"):
        settings.TWILIO_API_BASE_URL = base
        failed = failure()
        assert (failed.slug, failed.permanent) == ("unreachable", False)
        assert "token" not in failed.reason


@pytest.mark.parametrize(
    ("status", "slug", "permanent"),
    [(404, "not-found", False), (410, "gone", True), (500, "http-500", False), (429, "http-429", False)],
)
def test_a_status_says_whether_to_try_again(twilio, status, slug, permanent):
    twilio.answers = [(status, b"{}")]
    failed = failure()
    assert (failed.slug, failed.permanent, failed.refused) == (slug, permanent, False)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_so_no_token_goes_where_it_points(twilio, status):
    with serving() as elsewhere:
        elsewhere.answers = [(200, b"sound")]
        twilio.answers = [(status, f"{elsewhere.url}{PATH}.wav".encode())]
        assert failure().slug == "redirected"
        assert elsewhere.requests == []
    assert len(twilio.requests) == 1


def test_a_recording_over_the_limit_is_refused_before_it_fills_the_disk(twilio, monkeypatch):
    monkeypatch.setattr(module, "LARGEST", 1000)
    twilio.answers = [(200, bytes(1001))]
    failed = failure()
    assert (failed.slug, failed.permanent) == ("too-large", True)


def test_a_download_that_drips_ends(twilio, monkeypatch):
    monkeypatch.setattr(module, "LONGEST_S", -1)
    assert failure().slug == "too-slow"


def test_a_redirect_to_another_host_of_twilios_is_followed_without_the_token(twilio):
    twilio.answers = [(307, b"https://media.us1.twilio.com/sound/x?signed=1"), (200, b"sound")]
    assert fetched() == b"sound"
    (_, first), (path, second) = twilio.requests
    assert path == "/sound/x?signed=1"
    assert (second["X-Original-Host"], "Authorization" in first) == ("media.us1.twilio.com", True)
    assert "Authorization" not in second


def test_a_redirect_within_the_same_host_is_followed_without_the_token(twilio):
    twilio.answers = [(302, b"/elsewhere"), (200, b"sound")]
    assert fetched() == b"sound"
    assert "Authorization" not in twilio.requests[1][1]


BUCKETS = [
    "https://calls.s3.amazonaws.com/RE1.wav?X-Amz-Signature=a",
    "https://my.calls.s3.eu-west-1.amazonaws.com/RE1.wav",
    "https://s3.us-east-2.amazonaws.com/calls/RE1.wav",
    "https://s3-us-west-2.amazonaws.com/calls/RE1.wav",
]


@pytest.mark.parametrize("bucket", BUCKETS)
def test_a_redirect_to_the_bucket_of_the_account_is_followed_without_the_token(settings, bucket):
    settings.TWILIO_API_BASE_URL = ""
    place = onward(Place("Twilio", f"{URL}.wav", {}, ("AC", "token")), bucket)
    assert (place.url, dict(place.headers), place.auth) == (bucket, {}, None)


ELSEWHERE = [
    "http://media.us1.twilio.com/x",
    "https://media.us1.twilio.com:8443/x",
    "https://user@media.us1.twilio.com/x",
    "https://twilio.com.evil.example/x",
    "https://s3.amazonaws.com.evil.example/x",
    "https://evils3.amazonaws.com/x",
    "https://ec2.amazonaws.com/x",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/x",
    "https://[broken",
    "file:///etc/passwd",
    "//evil.example/x",
    "",
]


@pytest.mark.parametrize("base", ["", "http://proxy.internal"])
@pytest.mark.parametrize("location", ELSEWHERE)
def test_a_redirect_leads_nowhere_else(settings, location, base):
    settings.TWILIO_API_BASE_URL = base
    assert onward(Place("Twilio", *request_for(URL), ("AC", "token")), location) is None


def test_redirects_without_end_end(twilio):
    twilio.answers = [(302, b"/again")]
    assert failure().slug == "redirected"
    assert len(twilio.requests) == module.HOPS + 1


@contextmanager
def raw(settings, *parts, every_s=0.0):
    """A server that answers each request with these bytes, then closes; seconds between them."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        over = threading.Event()

        def serve():
            while not over.is_set():
                with suppress(OSError):
                    connection, _ = server.accept()
                    with connection:
                        connection.recv(65536)
                        for part in parts:
                            connection.sendall(part)
                            over.wait(every_s)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        host, port = server.getsockname()
        settings.TWILIO_API_BASE_URL = f"http://{host}:{port}"
        settings.TWILIO_ACCOUNTS = {ACCOUNT: ["token"]}
        yield
        over.set()
        with suppress(OSError):
            socket.create_connection((host, port)).close()
        thread.join()


OK = b"HTTP/1.1 200 OK\r\n"


def test_half_a_file_is_asked_for_again(settings):
    with raw(settings, OK + b"content-length: 1000\r\n\r\n" + bytes(500)):
        failed = failure()
    assert (failed.slug, failed.permanent) == ("unreachable", False)


@pytest.mark.parametrize("length", [b"content-length: 0\r\n", b""])
def test_an_answer_without_a_byte_is_asked_for_again(settings, length):
    with raw(settings, OK + length + b"\r\n"):
        failed = failure()
    assert (failed.slug, failed.permanent) == ("empty", False)


def test_what_tells_of_little_and_sends_much_is_read_as_far_as_it_told(settings):
    with raw(settings, OK + b"content-length: 10\r\n\r\n", bytes(1 << 20)):
        assert fetched() == bytes(10)


def test_what_tells_of_too_much_is_not_read(settings):
    with raw(settings, OK + b"content-length: 5000000000\r\n\r\n"):
        assert failure().slug == "too-large"


def test_what_tells_nothing_and_sends_without_end_is_cut_off(settings, monkeypatch):
    monkeypatch.setattr(module, "LARGEST", 1 << 20)
    with raw(settings, OK + b"\r\n", *[bytes(1 << 16)] * 64):
        failed = failure()
    assert (failed.slug, failed.permanent) == ("too-large", True)


def test_what_is_packed_is_not_unpacked(settings):
    bomb = zstandard.compress(bytes(1 << 30))
    assert len(bomb) < 1 << 18
    head = b"content-encoding: zstd\r\ncontent-length: %d\r\n\r\n" % len(bomb)
    with raw(settings, OK + head, bomb):
        assert failure().slug == "packed"


@pytest.mark.parametrize("start", [b"", OK, OK + b"\r\n"], ids=["a status", "headers", "a body"])
def test_who_drips_is_left_at_the_deadline(settings, monkeypatch, start):
    monkeypatch.setattr(module, "LONGEST_S", 1.0)
    line = OK if not start else b"x-more: and more and more and more\r\n"
    with raw(settings, start, *[bytes([byte]) for byte in line * 100], every_s=0.05):
        began = time.monotonic()
        failed = failure()
    assert (failed.slug, failed.permanent) == ("too-slow", False)
    assert time.monotonic() - began < 3


def test_twilio_away_is_no_end(settings):
    settings.TWILIO_API_BASE_URL = "http://127.0.0.1:1"
    settings.TWILIO_ACCOUNTS = {ACCOUNT: ["token"]}
    failed = failure()
    assert (failed.slug, failed.permanent) == ("unreachable", False)
    assert "token" not in failed.reason
