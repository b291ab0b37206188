"""Messages arrive at real servers: mail, a signed webhook, a service; what is refused is sent again."""

import json
import socket
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from threading import Thread

import pytest
from aiosmtpd.controller import Controller
from apprise.plugins import pagerduty
from django.core.mail.backends.smtp import EmailBackend
from standardwebhooks import Webhook

from callstore.alerts import keeping, outbox, targets
from callstore.alerts.channels import webhook
from callstore.alerts.terms import TermError, Terms, checked
from tests.served import free_port

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 13, 12, tzinfo=UTC)


class Received(list):
    """What a receiver was sent, as (headers, body); it answers with `status`."""

    status = 200


@contextmanager
def receiver():
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.headers, body))
            self.send_response(received.status)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def kept(*addresses):
    return keeping.create(Terms("Cut off", "is:truncated", targets=addresses), "olga")


def test_a_webhook_is_a_cloudevent_that_the_package_of_standard_webhooks_verifies():
    with receiver() as (url, received):
        [message] = keeping.test(kept(url))
    assert message.sent_at and message.error is None
    [(headers, body)] = received
    Webhook(webhook.secret()).verify(body.decode(), dict(headers))
    event = json.loads(body)
    assert headers["Content-Type"] == "application/cloudevents+json"
    assert (event["type"], event["data"]["alert"]["q"]) == ("alert.test", "is:truncated")


def test_a_service_of_the_settings_is_told_and_its_secret_is_kept_nowhere(settings):
    with receiver() as (url, received):
        secret = f"json://:a-secret-password@{url.removeprefix('http://')}"
        settings.ALERT_URLS = [secret]
        alert = kept(secret)
        [message] = keeping.test(alert)
    assert message.sent_at, message.error
    assert json.loads(received[0][1])["title"] == "Test: Cut off"
    assert "a-secret-password" not in str(alert.targets) + message.target
    settings.ALERT_URLS = []
    [message] = keeping.test(alert)
    assert message.error == "ALERT_URLS no longer offers this target"


def test_a_service_that_takes_html_is_sent_no_markup_of_an_alert_s_name(settings):
    with receiver() as (url, received):
        settings.ALERT_URLS = [f"json://{url.removeprefix('http://')}?format=html"]
        markup = "<img src=//evil.example>"
        alert = keeping.create(Terms(markup, "is:truncated", targets=settings.ALERT_URLS), "olga")
        text = outbox.Text("fired", "key", markup, f"{markup}: 3 calls", {})
        outbox.attempt(outbox.put(alert, text)[0], lambda: NOW)
    sent = json.loads(received[0][1])
    assert "&lt;img" in sent["message"] and "<img" not in sent["message"]


def told(*kinds, **alert):
    """Messages of one firing, each sent at once."""
    alert = keeping.create(Terms("Cut off", "is:truncated", **alert), "olga")
    for kind in kinds:
        for message in outbox.put(alert, outbox.Text(kind, "callstore-alert-1-2", f"{kind}!", "3 calls", {})):
            message.refresh_from_db()
            outbox.attempt(message, lambda: NOW)
            assert message.sent_at, message.error


def test_a_firing_opens_an_incident_of_pagerduty_and_its_end_resolves_the_same_one(settings, monkeypatch):
    settings.ALERT_URLS = [f"pagerduty://{'a' * 32}@{'b' * 20}"]
    with receiver() as (url, received):
        monkeypatch.setitem(pagerduty.PAGERDUTY_API_LOOKUP, pagerduty.PagerDutyRegion.US, url)
        told("fired", "resolved", targets=settings.ALERT_URLS)
    opened, ended = (json.loads(body) for _, body in received)
    assert (opened["event_action"], ended["event_action"]) == ("trigger", "resolve")
    assert opened["dedup_key"] == ended["dedup_key"] == "callstore-alert-1-2"
    assert opened["routing_key"] == "a" * 32 and "3 calls" in opened["payload"]["summary"]


def test_a_test_resolves_at_pagerduty_what_it_opened_and_says_where_that_was_not_taken(settings, monkeypatch):
    settings.ALERT_URLS = [f"pagerduty://{'a' * 32}@{'b' * 20}"]
    with receiver() as (url, received):
        monkeypatch.setitem(pagerduty.PAGERDUTY_API_LOOKUP, pagerduty.PagerDutyRegion.US, url)
        alert = kept(*settings.ALERT_URLS)
        [message] = keeping.test(alert)
        opened, ended = (json.loads(body) for _, body in received)
        received.status = 500
        [refused] = keeping.test(alert)
    assert message.sent_at, message.error
    assert (opened["event_action"], ended["event_action"]) == ("trigger", "resolve")
    assert opened["dedup_key"] == ended["dedup_key"] == f"callstore-alert-{alert.id}-test"
    assert opened["payload"]["severity"] == "info"
    assert refused.error and refused.sent_at is None and refused.next_at is None


def test_a_firing_and_its_end_are_mails_of_one_thread_at_the_server_of_the_settings(settings):
    mails = []

    class Handler:
        async def handle_DATA(self, server, session, envelope):
            mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
            return "250 OK"

    host, port = "127.0.0.1", free_port()
    controller = Controller(Handler(), hostname=host, port=port)
    controller.start()
    try:
        settings.EMAIL_URL = f"smtp://{host}:{port}"
        settings.EMAIL_BACKEND = f"{EmailBackend.__module__}.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = host, port
        told("fired", "resolved", targets=["mailto:ops@example.com"])
    finally:
        controller.stop()
    assert [to for to, _ in mails] == [["ops@example.com"]] * 2
    assert [mail["Subject"] for _, mail in mails] == ["[callstore] fired!", "[callstore] resolved!"]
    assert {mail["References"] for _, mail in mails} == {"<callstore-alert-1-2@callstore>"}
    assert len({mail["Message-ID"] for _, mail in mails}) == 2
    assert "3 calls" in mails[0][1].get_payload()


def test_what_is_refused_is_sent_again_ever_more_seldom_and_given_up_after_a_day():
    with receiver() as (url, received):
        received.status = 503
        alert = kept(url)
        [message] = outbox.put(alert, outbox.Text("fired", "key", "subject", "body", {}))
        message.refresh_from_db()
        at = message.made_at
        waited = []
        while message.next_at is not None:
            at = max(at, message.next_at)
            outbox.deliver(lambda at=at: at)
            message.refresh_from_db()
            waited += [(message.next_at - at).total_seconds()] if message.next_at else []
        assert message.error == "the webhook answered 503" and message.sent_at is None
        assert waited[:6] == [60, 120, 300, 900, 1800, 3600] and set(waited[6:]) == {3600}
        assert timedelta(hours=23) < at - message.made_at <= timedelta(hours=24)
        assert len({headers["webhook-id"] for headers, _ in received}) == 1


def test_a_target_that_recovers_takes_the_message():
    with receiver() as (url, received):
        received.status = 500
        [message] = outbox.put(kept(url), outbox.Text("fired", "key", "subject", "body", {}))
        message.refresh_from_db()
        outbox.deliver(lambda: message.made_at)
        received.status = 204
        outbox.deliver(lambda: message.made_at + timedelta(seconds=60))
        message.refresh_from_db()
        assert (message.sent_at, message.next_at, message.error) == (
            message.made_at + timedelta(seconds=60),
            None,
            None,
        )


def test_a_redirect_is_not_followed_and_a_dead_port_is_a_sentence():
    with receiver() as (url, received):
        received.status = 302
        [message] = keeping.test(kept(url))
        assert message.error == "the webhook answered 302" and len(received) == 1
    [message] = keeping.test(kept(url + "/dead"))
    assert message.error == "the webhook: ConnectError"


def test_a_name_that_leads_to_a_refused_address_is_found_out_when_it_is_connected(monkeypatch):
    monkeypatch.setattr(targets, "REFUSED", [ip_network("127.0.0.0/8"), ip_network("::1/128")])
    with receiver() as (url, received):
        [message] = keeping.test(kept(url.replace("127.0.0.1", "localhost")))
    assert "link-local" in message.error and not received


def test_no_proxy_of_the_environment_stands_between_the_check_of_an_address_and_the_peer(monkeypatch):
    with receiver() as (url, received), receiver() as (proxy, passed):
        monkeypatch.setenv("HTTP_PROXY", proxy.removesuffix("/hook"))
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert keeping.test(kept(url))[0].error is None
        assert len(received) == 1 and not passed
        # What a proxy would resolve for us is refused here, as it is without one.
        monkeypatch.setattr(targets, "REFUSED", [ip_network("127.0.0.0/8"), ip_network("::1/128")])
        [message] = keeping.test(kept(url.replace("127.0.0.1", "localhost")))
    assert "link-local" in message.error and len(received) == 1 and not passed


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://example.com", "neither a mail"),
        ("slack://T1/B2/secret", "nor one that ALERT_URLS offers"),
        ("https://user:password@example.com/", "without a password"),
        ("https:///path", "with a host"),
        ("https://exa mple.com/", "with a host"),
        ("http://169.254.169.254/latest/meta-data", "link-local"),
        ("http://[fe80::1]/", "link-local"),
        ("http://[::ffff:169.254.169.254]/", "link-local"),
        ("http://2852039166/latest/meta-data", "link-local"),
        ("http://0xa9fea9fe/", "link-local"),
        ("http://169.254.43518/", "link-local"),
        ("http://[fd00:ec2::254]/", "link-local"),
        ("http://[fd20:ce::254]/", "link-local"),
        ("http://100.100.100.200/latest/meta-data", "link-local"),
        ("mailto:nobody", "no e-mail address"),
        ("mailto:a@b.example\r\nBcc: c@d.example", "no e-mail address"),
    ],
)
def test_an_address_that_is_none_is_refused_in_a_sentence(settings, address, said):
    settings.EMAIL_URL = "smtp://127.0.0.1:25"
    with pytest.raises(TermError, match=said):
        checked(Terms("name", targets=[address]))


def test_without_a_mail_server_no_mail_is_promised(settings):
    settings.EMAIL_URL = ""
    with pytest.raises(targets.NoTarget, match="EMAIL_URL is not set"):
        targets.kept("mailto:ops@example.com")


@pytest.mark.parametrize(
    ("answered", "said"),
    [
        (
            b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 65536,
            None,
        ),  # what it says does not matter, only that it took it
        (b"X-Drop: 1\r\n", "did not answer in time"),
    ],
)
def test_an_answer_without_an_end_keeps_nobody_waiting(monkeypatch, answered, said):
    monkeypatch.setattr(webhook, "ANSWERED_WITHIN_S", 1.0)
    with endless(answered) as url:
        began = time.monotonic()
        [message] = keeping.test(kept(url))
    assert time.monotonic() - began < 4
    assert message.error is None if said is None else said in message.error


@contextmanager
def endless(piece):
    """A server that says the same again and again, for ten seconds; headers begin with a status."""
    first = b"" if piece.startswith(b"HTTP") else b"HTTP/1.1 200 OK\r\n"

    def answer(listener):
        line, _ = listener.accept()
        with line, suppress(OSError):
            line.sendall(first)
            until = time.monotonic() + 10
            while time.monotonic() < until:
                line.sendall(piece)
                time.sleep(0.1 if first else 0)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=answer, args=[listener], daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/hook"
