"""A real browser for the pages: Debian's Chromium, with nothing tolerated on its console.

Where it is installed, its headless shell: the same engine without windows, in which a page opens in a third
of the time. Pictures, benchmarks and the founding investigation take the whole browser.
"""

import asyncio
import os
import re
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

# Without tags axe leaves out the rules of WCAG 2.2 (dequelabs/axe-core, doc/API.md).
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NAMES = ("chromium", "chromium-browser", "google-chrome")
SHELL = "chromium-headless-shell"
# Chromium reports every error that is answered: a query that cannot be read, a server that fails or is away.
# htmx reports it again.
MEANT = re.compile("status of (403|409|422|50[03])|net::ERR_FAILED|htmx:(send|after)|Response Status Error")


def chromium() -> str | None:
    """The path of a Chromium: CHROMIUM, or what is installed."""
    return os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which(SHELL) or chromium()
    if path is None:
        pytest.skip("no Chromium: install one or name it in CHROMIUM")
    # Playwright runs an event loop in this thread, which makes Django refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        loop = asyncio._get_running_loop()
        yield browser
        asyncio._set_running_loop(loop)  # where a test without a browser was the last
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser, transactional_db, live_server, django_user_model) -> Iterator[Page]:
    """A page of somebody logged in; what its console complains of fails the test, CSP included."""
    client = Client()
    client.force_login(django_user_model.objects.create_user("olga"))
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(10_000)
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page, complaints = context.new_page(), []
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert [text for text in complaints if not MEANT.search(text)] == []


def violations(page: Page, within: str | None = None) -> str:
    """What axe finds on the page, or within a part of it, by any rule of RULES, as text; "" for nothing."""
    found = Axe().run(page, context=within, options={"runOnly": RULES})
    return found.generate_report() if found.violations_count else ""
