"""The real web process, with the loop that streams, and a page of somebody logged in there."""

import pytest
from django.test import Client

from tests.served import served


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    """Where it is served, with its own static files, by http."""
    with (
        django_db_blocker.unblock(),
        served(
            tmp_path_factory.mktemp("site"), CALLSTORE_DEBUG="1", PUBLIC_BASE_URL="http://localhost"
        ) as running,
    ):
        yield running


@pytest.fixture
def live_page(browser, transactional_db, site, django_user_model):
    """A page; what its console complains of fails the test, but that a connection was cut."""
    client = Client()
    client.force_login(django_user_model.objects.create_user("lena"))
    url = f"http://127.0.0.1:{site.port}"
    context = browser.new_context(base_url=url, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Security Policy" in said.text else None)
    page.client = client
    yield page
    context.close()
    assert complaints == []
