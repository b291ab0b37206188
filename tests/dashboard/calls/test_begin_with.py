"""The line of a demo that says where to begin."""

import pytest

from tests.dashboard.documents import put_call

LINE = "Start with"


@pytest.mark.django_db
def test_a_demo_says_where_to_begin_until_something_is_asked(admin_client, settings):
    put_call()
    settings.DEMO = True
    page = admin_client.get("/calls").content.decode()
    assert LINE in page and f"/calls/{settings.DEMO_BEGINS_WITH}" in page
    assert LINE not in admin_client.get("/calls", {"q": "is:truncated"}).content.decode()


@pytest.mark.django_db
def test_who_runs_no_demo_is_told_nothing_of_it(admin_client, settings):
    put_call()
    settings.DEMO = False
    assert LINE not in admin_client.get("/calls").content.decode()
