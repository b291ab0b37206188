"""Who may follow changes: whoever may read the list, by login or by token, asked again while he reads."""

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest

from dashboard.api.auth import Token

THREADS = 2
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="readers")
_sessions = import_module(settings.SESSION_ENGINE)


async def reader(request: HttpRequest) -> str | None:
    """A name for whose login or token a request brings, for counting; None for nobody's.

    Raises django.db.Error where the database cannot say. Asked in threads of its own: no page waits for it.
    """
    return await asyncio.wrap_future(_threads.submit(_reader, request))


def _reader(request: HttpRequest) -> str | None:
    try:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            digest = hashlib.sha256(token.encode()).hexdigest()
            return f"token {digest}" if Token().authenticate(request, token) else None
        request.session = _sessions.SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        user = get_user(request)
        return f"user {user.pk}" if user.is_authenticated else None
    finally:
        close_old_connections()
