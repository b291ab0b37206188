"""Made tokens: told once, kept as digests, over when they are over; and the logins that commands make."""

import io
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from callstore.people import accounts, known_tokens, tokens
from callstore.people.models import Audit, Token
from callstore.people.who import role_of

pytestmark = pytest.mark.django_db


def calls(text):
    return Client(headers={"authorization": f"Bearer {text}"}).get("/api/v1/calls").status_code


def test_a_token_is_kept_as_a_digest_and_tells_itself_by_its_beginning():
    token, text = tokens.make("reports", "read", "olga")
    assert text.startswith(token.prefix) and len(text) > len(token.prefix) + 30
    kept = Token.objects.values().get(pk=token.pk)
    assert text not in str(kept) and kept["digest"] == tokens.digest(text)
    assert calls(text) == 200 and calls(text + "x") == 401 and calls(token.prefix) == 401


def test_a_token_that_is_over_or_revoked_is_unknown_at_once():
    over, text = tokens.make("reports", "read", "olga", timezone.now() + timedelta(days=1))
    assert calls(text) == 200
    Token.objects.filter(pk=over.pk).update(expires_at=timezone.now())
    assert calls(text) == 401
    other, text = tokens.make("reports", "read", "olga")  # the name is free again
    assert tokens.revoke(other.pk) and not tokens.revoke(other.pk)
    assert calls(text) == 401


def test_its_use_is_written_at_most_once_a_minute(django_assert_num_queries):
    token, text = tokens.make("reports", "read", "olga")
    with django_assert_num_queries(2):
        tokens.find(text)
    with django_assert_num_queries(1):
        assert tokens.find(text).last_used_at is not None
    Token.objects.filter(pk=token.pk).update(last_used_at=timezone.now() - timedelta(minutes=2))
    tokens.find(text)
    assert timezone.now() - Token.objects.get(pk=token.pk).last_used_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("name", "scope", "ends"),
    [("", "read", None), ("a\0b", "read", None), ("x" * 81, "read", None), ("x", "everything", None),
     ("x", "read", timedelta(seconds=-1)), ("0a1b2c3d", "read", None), ("DEADBEEF", "read", None)],
)  # fmt: skip
def test_a_token_that_makes_no_sense_is_not_made(name, scope, ends):
    with pytest.raises(tokens.BadToken):
        tokens.make(name, scope, "olga", ends and timezone.now() + ends)
    assert not Token.objects.exists()


def test_doors_know_tokens_without_a_statement_and_after_a_start_without_the_database(
    settings, tmp_path, monkeypatch, django_assert_num_queries
):
    settings.DATA_DIR = tmp_path
    token, text = tokens.make("voice app", "ingest", "olga")
    known_tokens.read()
    file = tmp_path / known_tokens.FILE
    assert file.stat().st_mode & 0o777 == 0o600 and text not in file.read_text()

    def away():
        raise DatabaseError("away")

    monkeypatch.setattr(known_tokens, "_known", {})
    with monkeypatch.context() as without:
        without.setattr(tokens, "live", away)
        without.setattr(known_tokens.connection, "close", lambda: None)  # it is this test's transaction
        known_tokens.remember()
        known_tokens.read()
        with django_assert_num_queries(0):
            assert known_tokens.find(text).scope == "ingest" and known_tokens.find("other") is None
    tokens.revoke(token.pk)
    known_tokens.read()
    assert known_tokens.find(text) is None and text not in file.read_text()
    assert Token.objects.get(pk=token.pk).last_used_at is not None


def test_the_command_prints_a_token_alone_and_enters_who_made_it():
    out = io.StringIO()
    call_command("create_token", "reports", scope="raw", expires="2099-01-31", stdout=out)
    assert re.fullmatch(r"cs_raw_[\w-]{43}\n", out.getvalue())
    assert Token.objects.get().expires_at.isoformat() == "2099-01-31T00:00:00+00:00"
    assert Audit.objects.get().what["token"] == "reports"
    for wrong in ("someday", "2001-01-01"):
        with pytest.raises(CommandError):
            call_command("create_token", "other", scope="raw", expires=wrong, stdout=out)


def test_the_command_makes_a_login_with_a_role_and_the_password_of_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("a-long-secret-of-hers\n"))
    call_command("create_user", "olga", role="analyst", stdout=io.StringIO())
    olga = User.objects.get(username="olga")
    assert olga.check_password("a-long-secret-of-hers") and role_of(olga) == "analyst"
    for given in ("", "short\n"):
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        with pytest.raises(CommandError):
            call_command("create_user", "otto", role="viewer", stdout=io.StringIO())
    assert not User.objects.filter(username="otto").exists()


def test_who_was_there_before_roles_is_an_admin_if_staff_and_else_a_viewer():
    users = [User(username="a", is_superuser=True), User(username="b", is_staff=True), User(username="c")]
    assert [role_of(user) for user in users] == ["admin", "admin", "viewer"]


def test_somebody_always_stays_an_admin():
    olga = accounts.make("olga", "admin", None)
    for act in (lambda: accounts.give_role(olga, "viewer"), lambda: accounts.shut(olga)):
        with pytest.raises(accounts.Unwanted, match="admin"):
            act()
    assert role_of(accounts.find(olga.pk)) == "admin" and accounts.find(olga.pk).is_active
    accounts.make("otto", "admin", None)
    accounts.give_role(accounts.find(olga.pk), "viewer")
    assert role_of(accounts.find(olga.pk)) == "viewer"
