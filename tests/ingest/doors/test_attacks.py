"""What an attacker tried at the doors of a served instance, and what must stay true of it."""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import replace

import pytest

from callstore.eventlog.proof import verify
from callstore.eventlog.reading import read
from tests.eventlog.tampering import sql
from tests.ingest import deliveries as given
from tests.served import API_TOKEN, INGEST_TOKEN, served

pytestmark = pytest.mark.django_db

OTHER = "AC" + "f" * 32
EVIL = {"host": "evil.example", "x-forwarded-host": "evil.example"}
TWO_MIB = 2 * 1024 * 1024


@pytest.fixture(scope="module")
def server(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        with served(tmp_path_factory.mktemp("served")) as running:
            yield running
        sql("DELETE FROM ingest_rejection")


@pytest.fixture(autouse=True)
def _configured(settings):
    given.configured(settings)


@pytest.fixture
def new_events(server):
    """How many events the log has more than before the test."""
    [(before,)] = sql("SELECT count(*) FROM log.event")
    return lambda: sql("SELECT count(*) FROM log.event")[0][0] - before


def sent(server, delivery, **headers):
    return server.ask("POST", delivery.path, delivery.body, {**delivery.headers, **headers})


def made(algorithm, token=given.TOKEN, base=given.BASE):
    """Who signs a form as Twilio does, by any digest."""

    def sign(form):
        text = base + form.path + "".join(name + value for name, value in sorted(form.form))
        return base64.b64encode(hmac.digest(token.encode(), text.encode(), algorithm)).decode()

    return sign


ALGORITHM = "x-twilio-webhooks-signature-settings"
FORGED = {
    "sha256 passed off as sha1": (made("sha256"), {}),
    "sha1 passed off as sha256": (made("sha1"), {ALGORITHM: "key=k,algorithm=HMAC_SHA256"}),
    "no algorithm": (made("sha1"), {ALGORITHM: "algorithm=none"}),
    "md5": (made("md5"), {ALGORITHM: "algorithm=HMAC_MD5"}),
    "empty": (lambda form: "", {}),
    "not ASCII": (lambda form: "é" * 14, {}),
    "another token": (made("sha1", token="wrong"), {}),
    "another host": (made("sha1", base="https://evil.example"), EVIL),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_signature_of_a_form_is_refused(server, new_events, name):
    form, (sign, more) = given.progress(), FORGED[name]
    assert sent(server, form, **{"x-twilio-signature": sign(form), **more}) == (403, b"")
    assert new_events() == 0


@pytest.mark.parametrize(
    ("algorithm", "said"), [("sha1", {}), ("sha256", {ALGORITHM: "key=k,algorithm=HMAC_SHA256"})]
)
def test_a_right_signature_is_taken_whatever_host_was_asked(server, new_events, algorithm, said):
    form = given.progress()
    signature = {"x-twilio-signature": made(algorithm)(form)}
    assert sent(server, form, **signature, **said, **EVIL) == (204, b"")
    assert new_events() == 1


NAMELESS = given.delivery("twilio", "/hooks/twilio/x", b"CallSid=CA1", "application/x-www-form-urlencoded")
ALTERED = {
    "an unknown account": lambda form: given.signed(given.progress(AccountSid=OTHER)),
    "no account": lambda form: given.signed(NAMELESS),
    "its account twice": lambda form: replace(form, body=f"AccountSid={OTHER}&".encode() + form.body),
    "a parameter more": lambda form: replace(form, body=form.body + b"&Extra=1"),
    "another query": lambda form: replace(form, path=form.path + "?leg=other"),
    "a path with dots": lambda form: replace(form, path="/hooks/twilio/x/../status"),
}


@pytest.mark.parametrize("name", ALTERED)
def test_an_altered_form_is_refused(server, new_events, name):
    assert sent(server, ALTERED[name](given.signed(given.progress()))) == (403, b"")
    assert new_events() == 0


ZEROS = "bodySHA256=" + "0" * 64
STREAMS = {
    "a wrong digest": lambda batch: replace(batch, body=batch.body + b" "),
    "two digests": lambda batch: replace(batch, path=batch.path.replace("?", f"?{ZEROS}&")),
    "an unknown account": lambda batch: given.signed(given.stream({"data": {"account_sid": OTHER}})),
    "the signature of a form": lambda batch: replace(
        batch, headers={**batch.headers, "x-twilio-signature": made("sha1")(given.progress())}
    ),
}


@pytest.mark.parametrize("name", STREAMS)
def test_a_forged_batch_of_event_streams_is_refused(server, new_events, name):
    batch = given.signed(given.stream({"data": {"account_sid": given.ACCOUNT}}))
    assert sent(server, STREAMS[name](batch)) == (403, b"")
    assert new_events() == 0


def test_a_replay_adds_nothing_and_a_contradiction_is_kept_aside(server, new_events):
    session = f"rtc_u1_{given.sid()}"
    form = given.signed(given.progress())
    webhook = replace(given.webhook(call_id=session), received_at=time.time())
    assert [sent(server, form)[0] for _ in range(2)] == [204, 204]
    assert [sent(server, given.signed(webhook))[0] for _ in range(2)] == [204, 204]
    body = json.loads(webhook.body)
    body["data"]["sip_headers"] = [{"name": "X-Twilio-CallSid", "value": given.sid()}]
    assert sent(server, given.signed(replace(webhook, body=json.dumps(body).encode())))[0] == 204
    assert new_events() == 2
    assert len(read.records([read.trace_of(f"openai:{session}")])) == 1
    assert sql("SELECT count(*) FROM log.conflict WHERE subject = %s", f"openai:{session}") == [(1,)]


def webhook(stamp, key=given.WHSEC, version="v1"):
    """A webhook stamped with any text, signed by the key's bytes."""
    unsigned = given.webhook()
    text = f"{unsigned.headers['webhook-id']}.{stamp}.".encode() + unsigned.body
    secret = base64.b64decode(key.removeprefix("whsec_"))
    signature = base64.b64encode(hmac.digest(secret, text, hashlib.sha256)).decode()
    more = {"webhook-timestamp": str(stamp), "webhook-signature": f"{version},{signature}"}
    return replace(unsigned, headers={**unsigned.headers, **more})


STAMPS = {
    "too old": lambda now: now - 302,
    "too new": lambda now: now + 305,
    "a word": lambda now: "soon",
    "a fraction": lambda now: f"{now}.5",
    "5,000 digits": lambda now: "1" * 5000,
    "nothing": lambda now: "",
}


@pytest.mark.parametrize("name", STAMPS)
def test_a_webhook_with_a_bad_stamp_is_refused(server, new_events, name):
    assert sent(server, webhook(STAMPS[name](int(time.time())))) == (403, b"")
    assert new_events() == 0


@pytest.mark.parametrize(
    ("key", "version"),
    [("whsec_AAAA", "v1"), ("whsec_", "v1"), (given.WHSEC, "v1a"), (given.WHSEC, "v2")],
)
def test_a_webhook_of_another_key_or_version_is_refused(server, key, version):
    assert sent(server, webhook(int(time.time()), key, version)) == (403, b"")
    assert sent(server, webhook(int(time.time())))[0] == 204


def test_a_token_opens_only_what_it_is_for(server):
    cloud, ingest = given.cloud(given.event()), INGEST_TOKEN
    basic = base64.b64encode(f"x:{ingest}".encode()).decode()
    for wrong in (f"Bearer {API_TOKEN}", f"Basic {basic}", f"bearer-{ingest}", "Bearer ", ""):
        assert sent(server, cloud, authorization=wrong) == (403, b"")
    in_the_query = replace(cloud, path=f"/hooks/app/?token={ingest}&access_token={ingest}")
    assert sent(server, in_the_query) == (403, b"")
    for token, status in ((ingest, 401), (API_TOKEN, 200)):
        headers = {"authorization": f"Bearer {token}"}
        assert server.ask("GET", "/api/v1/calls", headers=headers)[0] == status
    assert server.ask("GET", f"/api/v1/calls?token={API_TOKEN}")[0] == 401


PROOF = f"Authorization: Bearer {INGEST_TOKEN}"


def head(*lines, path="/hooks/app/", method="POST"):
    """The beginning of a request."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()


def statuses(said):
    return [int(line.split()[1]) for line in said.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]


CHUNKED = "Transfer-Encoding: chunked"
MIB = b" " * 0x100000
TOO_LARGE = {
    "announced": head(PROOF, f"Content-Length: {TWO_MIB + 1}") + b" " * 1000,
    "99 GB announced": head(PROOF, "Content-Length: 99000000000"),
    "chunked": head(PROOF, CHUNKED) + b"100000\r\n" + MIB + b"\r\n100001\r\n " + MIB,
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_more_than_two_mebibytes_are_413(server, new_events, name):
    assert statuses(server.say(TOO_LARGE[name]))[:1] == [413]
    assert new_events() == 0


HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
BODY, LAST = b"[]", b"0\r\n\r\n"
SMUGGLED = {
    "both lengths": head("Content-Length: 6", CHUNKED) + LAST,
    "two lengths": head("Content-Length: 2", f"Content-Length: {len(HIDDEN) + 2}") + BODY,
    "a length with a sign": head("Content-Length: +2") + BODY,
    "a negative length": head("Content-Length: -1") + BODY,
    "chunked twice": head(CHUNKED, "Transfer-Encoding: identity") + LAST,
    "xchunked": head("Transfer-Encoding: xchunked") + LAST,
    "a blank before the colon": head("Transfer-Encoding : chunked") + LAST,
    "a chunk too long": head(CHUNKED) + b"fffffffffffffffff\r\n",
    "a folded header": head("X: a", " b: c"),
    "a header of 500 kB": head("X: " + "a" * 500_000),
    "300 headers": head(*(f"X-{n}: a" for n in range(300))),
    "a URL of 100 kB": head(path="/hooks/twilio/" + "a" * 100_000),
}


@pytest.mark.parametrize("name", SMUGGLED)
def test_a_request_that_can_be_read_in_two_ways_is_refused_and_closed(server, new_events, name):
    answers = statuses(server.say(SMUGGLED[name] + HIDDEN, seconds=8))
    assert len(answers) <= 1
    assert set(answers) <= {400, 403, 408, 411, 413, 414, 431, 501}
    assert new_events() == 0


@pytest.mark.parametrize("path", ["/hooks/twilio/", "/login/", "/readyz"])
def test_a_broken_chunk_behind_good_headers_is_a_bad_request_and_closed(server, new_events, path):
    broken = head(CHUNKED, "X-Twilio-Signature: abc=", path=path) + b"2\r\n[]\r\nZZ\r\n"
    assert statuses(server.say(broken + HIDDEN)) == [400]
    assert new_events() == 0


BREAK = "%0d%0aSet-Cookie:x=1"


@pytest.mark.parametrize("path", [f"/calls?q={BREAK}", f"/calls/{BREAK}", f"/api/v1/calls/{BREAK}"])
def test_no_line_break_in_an_address_becomes_a_header(server, path):
    said = server.say(head("Connection: close", path=path, method="GET"))
    assert len(statuses(said)) == 1
    assert b"\nSet-Cookie:x" not in said


def element(id_=b"1", data=b"{}"):
    return b'[{"specversion":"1.0","source":"/","type":"app.log","id":"%s","data":%s}]' % (id_, data)


ODD = {
    "empty": b"",
    "UTF-16": '[{"a": 1}]'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf[]",
    "no number": element(data=b'{"x":NaN}'),
    "half a pair": element(data=b'{"message":"\\ud800"}'),
    "NUL": element(b"\\u0000", b'{"message":"\\u0000"}'),
    "huge numbers": element(data=b'{"call_id":"rtc_1","seq":%s,"x":1e999}' % (b"9" * 400)),
    "an id of 100 kB": element(b"a" * 100_000),
    "bytes of gzip that say nothing of it": b"\x1f\x8b" + b"\0" * 20,
}


@pytest.mark.parametrize("name", ODD)
def test_odd_bodies_with_proof_are_taken_and_break_nothing(server, name):
    delivery = given.signed(given.delivery("app", "/hooks/app/", ODD[name]), secret=INGEST_TOKEN)
    assert sent(server, delivery)[0] == 202


def test_after_all_that_the_log_is_proved(server):
    assert list(verify.doubts({}, lambda events: None)) == []
