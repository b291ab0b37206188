"""The audit: who did what, from where, kept for good and found again."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import IntegrityError, connection
from django.test import RequestFactory

from callstore.people import audit
from callstore.people.audit import Filter
from callstore.people.models import Audit

pytestmark = pytest.mark.django_db


def asked_by(user=None, **meta):
    request = RequestFactory().get("/calls", REMOTE_ADDR="198.51.100.7", **meta)
    request.user = user or AnonymousUser()
    return request


def test_an_act_is_kept_with_who_from_where_which_call_and_what():
    call = uuid4()
    audit.record(asked_by(User(username="otto")), "revealed", str(call), kind="numbers")
    kept = Audit.objects.get()
    assert (kept.by, kept.address, kept.action, kept.call_id) == ("otto", "198.51.100.7", "revealed", call)
    assert kept.what == {"kind": "numbers"} and kept.at is not None


def test_who_is_not_known_is_a_stranger_and_a_command_acts_by_a_name():
    audit.record(asked_by(), "share_viewed", share=3)
    audit.record("manage.py", "token_made")
    assert [(each.by, each.address) for each in Audit.objects.order_by("id")] == [
        ("stranger", "198.51.100.7"), ("manage.py", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("statement", ["UPDATE people_audit SET by = 'nobody'", "DELETE FROM people_audit"])
def test_nobody_changes_or_removes_what_was_kept(statement):
    audit.record("otto", "exported")
    with pytest.raises(IntegrityError, match="never changed"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_acts_are_found_by_actor_action_and_call_a_page_at_a_time():
    call = uuid4()
    for number in range(5):
        audit.record("otto", "revealed", call, number=number)
    audit.record("olga", "revealed", call)
    audit.record("otto", "exported")
    wanted = Filter(by="otto", action="revealed", call_ids=(call,))
    first = audit.page(wanted, None, 3)
    rest = audit.page(wanted, first.before, 3)
    assert [[each.what["number"] for each in page.items] for page in (first, rest)] == [[4, 3, 2], [1, 0]]
    assert first.before is not None and rest.before is None
