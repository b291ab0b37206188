"""Who may follow changes: whoever may read the list, by login or by token, asked again while he reads."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest

from callstore.people.who import person
from dashboard.access.principal import is_over, of_bearer
from dashboard.access.table import may

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
        if "Authorization" in request.headers:
            who = of_bearer(request)
            return who.name if who is not None and may(who, "read") else None
        request.session = _sessions.SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        user = get_user(request)
        reads = user.is_authenticated and not is_over(request.session) and may(person(user), "read")
        return f"user {user.pk}" if reads else None
    finally:
        close_old_connections()
