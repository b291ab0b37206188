import io

import pytest

from ingest.recordings import download as module
from ingest.recordings.download import FetchFailed, credentials, download, request_for
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
    assert [path for path, _ in twilio.requests] == [f"{PATH}.wav?RequestedChannels=2", f"{PATH}.wav"]


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
    assert credentials(ACCOUNT) == [("ACparent", "one"), ("ACparent", "two")]


def test_an_accounts_own_tokens_come_alone(settings):
    settings.TWILIO_ACCOUNTS = {"ACother": ["x"], ACCOUNT: ["one"]}
    assert credentials(ACCOUNT) == [(ACCOUNT, "one")]


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


def test_twilio_away_is_no_end(settings):
    settings.TWILIO_API_BASE_URL = "http://127.0.0.1:1"
    settings.TWILIO_ACCOUNTS = {ACCOUNT: ["token"]}
    failed = failure()
    assert (failed.slug, failed.permanent) == ("unreachable", False)
    assert "token" not in failed.reason
