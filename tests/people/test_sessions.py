"""Sessions that are over do not stay in the database."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from callstore.people.tasks import clear_sessions

pytestmark = pytest.mark.django_db


def test_a_session_that_is_over_is_deleted_and_one_that_runs_stays():
    now = timezone.now()
    for key, left in (("over", -1), ("runs", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(hours=left))
    clear_sessions()
    assert [each.session_key for each in Session.objects.all()] == ["runs"]
