"""Guessing is slow and costs little: ten failures a minute, two hashes at once, no word of who is known."""

import threading
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network

import pytest
from django.contrib.auth import hashers, password_validation
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client

from callstore.base import valkey
from dashboard.login import pages, throttle

pytestmark = pytest.mark.django_db
HERE = "203.0.113.7"


@pytest.fixture(autouse=True)
def olga():
    """Somebody who may log in."""
    return User.objects.create_user("olga", password="a-long-secret")


@pytest.fixture
def hashes(monkeypatch):
    """How many passwords were hashed so far, one entry each."""
    made = []
    real = hashers.PBKDF2PasswordHasher.encode

    def encode(self, *args, **more):
        made.append(1)
        return real(self, *args, **more)

    monkeypatch.setattr(hashers.PBKDF2PasswordHasher, "encode", encode)
    return made


@pytest.fixture
def proxied(settings):
    """Behind a proxy that says who asks."""
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]


def attempt(name="olga", password="wrong", address=HERE):
    return Client(REMOTE_ADDR=address).post("/login/", {"username": name, "password": password})


@pytest.mark.parametrize("name", ["olga", "somebody"])
def test_the_eleventh_failure_by_a_name_is_refused_from_anywhere_and_hashes_nothing(name, hashes):
    answers = [attempt(name, address=f"203.0.113.{number}") for number in range(10)]
    assert {answer.status_code for answer in answers} == {200}
    before = len(hashes)
    refused = attempt(name.upper(), "a-long-secret", "198.51.100.1")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert b"Too many attempts" in refused.content and f'value="{name.upper()}"'.encode() in refused.content
    assert len(hashes) == before


def test_the_eleventh_failure_from_an_address_is_refused_and_harms_no_name():
    for number in range(10):
        attempt(f"guess-{number}")
    assert attempt("olga", "a-long-secret").status_code == 429
    assert attempt("olga", "a-long-secret", "198.51.100.1").status_code == 302


def test_twelve_who_log_in_from_one_address_are_no_failures():
    assert {attempt("olga", "a-long-secret").status_code for _ in range(12)} == {302}


def test_behind_a_proxy_each_client_has_his_own_count(proxied):
    def by_proxy(client, name):
        return Client(REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": f"forged, {client}"}).post(
            "/login/", {"username": name, "password": "wrong"}
        )

    for number in range(10):
        by_proxy(HERE, f"guess-{number}")
    assert by_proxy(HERE, "another").status_code == 429
    assert by_proxy("198.51.100.1", "another").status_code == 200


def test_who_is_not_known_is_told_the_same_for_the_same_work(hashes):
    User.objects.create_user("gone", password="a-long-secret", is_active=False)
    told = {}
    for name in ("olga", "nobody", "gone"):
        before = len(hashes)
        answer = attempt(name, "a-long-guess")
        said = answer.content.decode().partition("<form")[0].partition('role="alert"')[2]
        told[name] = (answer.status_code, said, len(hashes) - before)
    assert told["olga"] == told["nobody"] == told["gone"]
    assert told["olga"][2] == 1


def test_a_burst_is_one_line_of_the_log(caplog):
    for _ in range(20):
        attempt()
    assert [record.message.partition(" are refused")[0] for record in caplog.records] == [
        f"logins by address {HERE}"
    ]


def test_a_minute_after_the_first_the_count_begins_anew():
    assert [attempt().status_code for _ in range(11)][-1] == 429
    counts = valkey.valkey().keys("callstore:login:*")
    assert all(0 < valkey.valkey().ttl(key) <= 60 for key in counts)
    valkey.valkey().delete(*counts)  # as that minute does
    assert attempt("olga", "a-long-secret").status_code == 302


def test_without_valkey_people_log_in(monkeypatch, caplog):
    nobody = valkey.client("redis://127.0.0.1:1/0")
    monkeypatch.setattr(throttle, "valkey", lambda: nobody)
    assert attempt("olga", "a-long-secret").status_code == 302
    assert "login attempts are not counted" in caplog.text


def test_who_finds_two_passwords_being_hashed_is_asked_to_come_again(monkeypatch, hashes, caplog):
    monkeypatch.setattr(pages, "PATIENCE_S", 0.01)
    for _ in range(pages.HASHES_AT_ONCE):
        assert pages._hashing.acquire(blocking=False)
    try:
        answers = [attempt("olga", "a-long-secret") for _ in range(12)]
    finally:
        for _ in range(pages.HASHES_AT_ONCE):
            pages._hashing.release()
    assert {answer.status_code for answer in answers} == {429}
    assert answers[0].headers["Retry-After"] == "3" and b"Too many people" in answers[0].content
    assert hashes == [] and "ERROR" not in {record.levelname for record in caplog.records}
    assert attempt("olga", "a-long-secret").status_code == 302  # nor was any of it a failure


@pytest.mark.django_db(transaction=True)
def test_no_more_than_two_passwords_are_hashed_at_once(monkeypatch):
    at_once, most, lock = 0, 0, threading.Lock()
    real = hashers.PBKDF2PasswordHasher.encode

    def encode(self, *args, **more):
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        try:
            return real(self, *args, **more)
        finally:
            with lock:
                at_once -= 1

    def by_a_thread(number):
        from django.db import connection

        try:
            return attempt(f"guess-{number}", address=f"203.0.113.{number}").status_code
        finally:
            connection.close()

    monkeypatch.setattr(hashers.PBKDF2PasswordHasher, "encode", encode)
    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(by_a_thread, range(16)))
    assert most <= 2
    assert answers <= {200, 429}


@pytest.mark.parametrize("password", ["1", "short-one", "123456789012345", "password1234", "olga-the-great"])
def test_a_password_that_is_guessed_first_is_not_taken(password):
    with pytest.raises(ValidationError):
        password_validation.validate_password(password, User(username="olga-the-great"))
