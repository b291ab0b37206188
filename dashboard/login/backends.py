"""Whose passwords count: everybody's, but demo/demo only while a demo runs.

A session remembers the backend that opened it. The demo has one of its own, so no session outlives it either.
"""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.http import HttpRequest

DEMO = ("demo", "demo")  # the name and the password that everybody knows


class Passwords(ModelBackend):
    """The passwords of the people who have one."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The user of this name and password; None for the demo's, whoever has them."""
        if (username, password) == DEMO:
            return None
        return super().authenticate(request, username, password, **kwargs)


class DemoPasswords(ModelBackend):
    """The same with the demo's own."""
