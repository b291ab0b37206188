"""What leaves the house by HTTP: archives, reports, and links that hold for a while and no longer."""

import io
import re
import zipfile
from datetime import timedelta

import orjson
import pytest
from django.utils import timezone

from callstore.media.storage import storage
from callstore.people.models import Audit, Share
from callstore.projection import projector
from callstore.rehearsal.evaluation.evaluate import evaluate
from ingest.retention import erasure
from tests.dashboard.api.problem import problem
from tests.dashboard.hand_over.logged import founding_call
from tests.projection.facts import traces_of

pytestmark = pytest.mark.django_db

CALLER = "81355500123"


@pytest.fixture
def call():
    return founding_call()


def files(answer):
    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_call_is_kept_as_a_test_that_is_judged_as_it_was(api, call, tmp_path):
    kept = files(api.get(f"/api/v1/calls/{call['call_id']}/fixture.zip"))
    assert "recording.wav" not in kept
    for name, content in kept.items():
        assert CALLER not in content.decode() and call["child_call_sid"] not in content.decode()
        (tmp_path / name).write_bytes(content)
    made = evaluate(tmp_path)
    assert made.wrong == {} and len(made.expected) > 20
    assert made.document["flags"] == [flag for flag in call["flags"] if flag != "exported"]
    assert (made.document["verdict"], made.document["cause"]) == (call["verdict"], call["cause"])
    assert made.document["truncation_basis"] == call["truncation_basis"] == "recording"


@pytest.mark.parametrize("vendor", ["openai", "twilio"])
def test_a_bundle_is_made_by_any_id_of_the_call_and_kept_in_the_audit(api, call, vendor):
    made = files(api.get(f"/api/v1/calls/{call['ai_call_id']}/bundle.zip", {"for": vendor}))
    assert CALLER not in b"".join(made.values()).decode()
    assert orjson.loads(made["manifest.json"])["made_by"].startswith("token:")
    assert Audit.objects.get(action="bundle_made").what == {"vendor": vendor}


def test_who_asks_for_no_vendor_s_bundle_or_for_no_call_is_told(api, call):
    problem(api.get(f"/api/v1/calls/{call['call_id']}/bundle.zip"), 422)
    problem(api.get(f"/api/v1/calls/{call['call_id']}/bundle.zip", {"for": "nobody"}), 422)
    problem(api.get("/api/v1/calls/nobody/fixture.zip"), 404)


def test_the_report_says_what_the_page_says_without_a_script(reader, call):
    html = reader.get(f"/calls/{call['call_id']}/report").content.decode()
    assert "<script" not in html and " style=" not in html and "<svg" in html
    for told in (
        "fell silent while the caller was still speaking",
        "Um...",
        "11.1 s",
        "No close of the AI session",
        "AI silent first",
    ):
        assert told in html
    assert CALLER not in html and "ai_silent_first" not in html
    page = reader.get(f"/calls/{call['call_id']}").content.decode()
    for way in ("report", "bundle.zip?for=openai", "bundle.zip?for=twilio", "fixture.zip"):
        assert f"{call['call_id']}/{way}" in page


def test_sharing_is_offered_to_those_who_may(reader, analyst, call):
    own = f"/calls/{call['call_id']}"
    offered = [f"{own}/shares" in who.get(own).content.decode() for who in (reader, analyst)]
    assert offered == [False, True]


def made(api, call, **wanted):
    answer = api.post(
        f"/api/v1/calls/{call['call_id']}/shares",
        {"expires_in_s": 3600, **wanted},
        content_type="application/json",
    )
    assert answer.status_code == 201
    return answer.json()


def test_a_share_is_read_without_a_login_and_without_numbers_words_or_script(api, stranger, call):
    share = made(api, call)
    assert share["url"].startswith("http") and {"id", "url", "expires_at"} <= share.keys()
    page = stranger.get(re.sub("^https?://[^/]+", "", share["url"]))
    html = page.content.decode()
    assert page.status_code == 200 and "fell silent" in html and "<svg" in html
    assert "<script" not in html and " style=" not in html
    assert CALLER not in html and "Um..." not in html and "xx..." in html
    assert page["X-Robots-Tag"].startswith("noindex") and page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert re.search(r"Shared until \d+ \w+ \d{4}, [\d:]+ UTC\. Numbers, names and words are hidden", html)
    acts = list(Audit.objects.order_by("id").values_list("action", "by", "what__share"))
    assert [act[0] for act in acts] == ["share_made", "share_viewed"]
    assert acts[1] == ("share_viewed", "stranger", share["id"])
    token = share["url"].rpartition("/")[2]
    assert token.encode() not in bytes(Share.objects.get().digest)


def test_a_share_is_over_when_it_expires_is_revoked_or_its_call_is_erased(api, stranger, call):
    paths = (made(api, call, expires_in_s=lasts)["url"] for lasts in (1, 3600, 3600))
    one, two, three = (path.partition("testserver")[2] for path in paths)
    expired, revoked, _ = reversed(api.get(f"/api/v1/calls/{call['call_id']}/shares").json()["items"])
    Share.objects.filter(pk=expired["id"]).update(expires_at=timezone.now() - timedelta(seconds=1))
    for _ in range(2):
        assert api.delete(f"/api/v1/shares/{revoked['id']}").status_code == 204
    assert Audit.objects.filter(action="share_revoked").count() == 1
    assert [stranger.get(path).status_code for path in (one, two, three)] == [410, 410, 200]
    traces = traces_of([f"twilio:{call['parent_call_sid']}"])
    erasure.erase(traces, "asked for")
    projector.project(traces)
    gone = stranger.get(three)
    assert gone.status_code == 410 and gone["X-Robots-Tag"].startswith("noindex")
    unknown = stranger.get("/share/never-made")
    assert unknown.status_code == 404 and unknown["Cache-Control"] == "private, no-store"
    problem(api.delete("/api/v1/shares/11111111-1111-4111-8111-111111111111"), 404)
    problem(api.get(f"/api/v1/calls/{call['call_id']}/fixture.zip"), 410)


def test_an_erased_call_says_so_on_its_page_and_its_report(reader, call):
    paths = (f"/calls/{call['call_id']}", f"/calls/{call['call_id']}/report")
    assert not [path for path in paths if "was erased on" in reader.get(path).content.decode()]
    traces = traces_of([f"twilio:{call['parent_call_sid']}"])
    erasure.erase(traces, "asked for")
    projector.project(traces)
    for path in paths:
        page = reader.get(path).content.decode()
        assert re.search(r"What was personal in this call was erased on \d+ \w+ \d{4}, [\d:]+ UTC", page), (
            path
        )
        assert "an address that was erased, answered with" in page, path
        assert not re.search(r"sealed~\w+, answered", page), path


def test_who_has_a_link_does_not_fill_the_audit_with_it(api, stranger, call):
    path = made(api, call)["url"].partition("testserver")[2]
    answers = [stranger.get(path) for _ in range(62)]
    assert [answer.status_code for answer in answers] == [200] * 60 + [429] * 2
    assert int(answers[-1]["Retry-After"]) > 0 and answers[-1]["X-Robots-Tag"].startswith("noindex")
    assert Audit.objects.filter(action="share_viewed").count() == 60


@pytest.mark.parametrize("lasts", [0, -1, 10**9, "soon", None])
def test_a_share_that_never_ends_is_refused(api, call, lasts):
    body = {"expires_in_s": lasts}
    path = f"/api/v1/calls/{call['call_id']}/shares"
    problem(api.post(path, body, content_type="application/json"), 422)


def test_a_login_makes_copies_and_revokes_a_link_on_a_page(analyst, stranger, call):
    path = f"/calls/{call['call_id']}/shares"
    page = analyst.post(path, {"expires_in_s": "86400"}).content.decode()
    link = re.search(r'value="http://testserver(/share/[\w-]+)"', page)[1]
    assert stranger.get(link).status_code == 200
    listed = analyst.get(path).content.decode()
    assert link not in listed and "Revoke" in listed
    assert analyst.post(f"{path}/{Share.objects.get().pk}/revoke").status_code == 302
    assert stranger.get(link).status_code == 410
    assert analyst.post(path, {"expires_in_s": "7"}).status_code == 422


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_an_export_is_kept_in_the_audit_without_its_query(api, call, kind):
    answer = api.get(f"/api/v1/incidents.{kind}", {"q": f"number:+{CALLER}"})
    assert b"".join(answer.streaming_content)
    kept = Audit.objects.get(action="exported")
    assert (
        kept.what["kind"] == kind and kept.what["schema"] == "incident_csv/2" and CALLER not in str(kept.what)
    )


def test_a_share_with_audio_gives_any_range_of_it_below_its_token_and_no_other_does(
    api, stranger, call, settings, tmp_path
):
    settings.RECORDING_STORAGE = str(tmp_path)
    recording = next(each for each in call["recordings"] if each["media"])
    storage().put(recording["media"], io.BytesIO(b"0123456789"))
    silent, loud = (made(api, call, audio=audio)["url"].partition("testserver")[2] for audio in (False, True))
    path = f"{loud}/audio/{recording['recording']}"
    heard_part = stranger.get(path, headers={"range": "bytes=2-4"})
    assert (heard_part.status_code, b"".join(heard_part.streaming_content)) == (206, b"234")
    assert heard_part["Referrer-Policy"] == "no-referrer" and "no-store" in heard_part["Cache-Control"]
    assert stranger.get(path.replace(loud, silent)).status_code == 404
    assert stranger.get(f"{loud}/audio/RE{'0' * 32}").status_code == 404
    page = stranger.get(loud).content.decode()
    assert path in page and "Um..." in page and CALLER not in page
    assert "<audio" not in stranger.get(silent).content.decode()
    Share.objects.update(revoked_at=timezone.now())
    assert stranger.get(path).status_code == 410 and stranger.head(loud).status_code == 410


@pytest.mark.parametrize("begin", ["bytes=1-", "bytes=-9", "Bytes=0-9", "bytes=00-"])
def test_who_hears_a_share_is_entered_wherever_he_begins(api, stranger, call, settings, tmp_path, begin):
    settings.RECORDING_STORAGE = str(tmp_path)
    recording = next(each for each in call["recordings"] if each["media"])
    storage().put(recording["media"], io.BytesIO(b"0123456789"))
    path = f"{made(api, call, audio=True)['url'].partition('testserver')[2]}/audio/{recording['recording']}"
    for headers, entered in (({"range": begin}, 1), ({"range": "bytes=5-"}, 1), ({}, 2)):
        assert len(b"".join(stranger.get(path, headers=headers).streaming_content)) >= 5
        assert Audit.objects.filter(action="share_viewed").count() == entered
