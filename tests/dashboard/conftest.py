"""A client that may read, and one that may not."""

import pytest
from django.test import Client

from tests.dashboard.browser import browser, page  # noqa: F401  (fixtures)


@pytest.fixture
def api(settings):
    settings.API_TOKENS = ["first-token", "second-token"]
    return Client(headers={"authorization": "Bearer second-token"})


@pytest.fixture
def stranger():
    return Client()
