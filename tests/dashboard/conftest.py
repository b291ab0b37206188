"""Clients that may read, by token and by login, and one that may not."""

import pytest
from django.test import Client

from tests.dashboard.browser import browser, page  # noqa: F401  (fixtures)


@pytest.fixture
def api(settings):
    settings.API_TOKENS = ["first-token", "second-token"]
    return Client(headers={"authorization": "Bearer second-token"})


@pytest.fixture
def reader(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("otto"))
    return client


@pytest.fixture
def analyst(db):
    from callstore.people import accounts  # once Django is set up

    client = Client()
    client.force_login(accounts.make("ana", "analyst", None))
    return client


@pytest.fixture
def stranger():
    return Client()
