"""Chromium at a server of ours, as somebody logged in: each context begins with nothing cached."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import BrowserContext, ViewportSize, sync_playwright

from tests.dashboard.browser import chromium

WINDOW: ViewportSize = {"width": 1440, "height": 900}


@contextmanager
def logged_in(port: int) -> Iterator[Callable[[], BrowserContext]]:
    """A browser while the block runs; what it gives opens a fresh context there."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright has a loop in this thread
    client = Client()
    client.force_login(get_user_model().objects.create_user(uuid4().hex))
    url = f"http://127.0.0.1:{port}"
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])

        def context() -> BrowserContext:
            opened = browser.new_context(base_url=url, viewport=WINDOW)
            opened.add_cookies([{"name": "sessionid", "value": value, "url": url}])
            return opened

        yield context
        browser.close()
