"""Whose passwords count: everybody's, but demo/demo only while a demo runs.

A session remembers the backend that opened it. The demo has one of its own, so no session outlives it either.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.http import HttpRequest

DEMO = ("demo", "demo")  # the name and the password that everybody knows


class People(ModelBackend):
    """Who somebody is by his session: with his role, which every request asks for, in one statement."""

    def get_user(self, user_id: int) -> User | None:
        """The user of this id who may still come in."""
        user = get_user_model()._default_manager.select_related("membership").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


class Passwords(People):
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


class DemoPasswords(People):
    """The same with the demo's own."""
