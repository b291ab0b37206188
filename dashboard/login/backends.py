"""Who may come in, and by what: a password, a trusted proxy's word, a provider's.

Everybody's password counts, but demo/demo only while a demo runs.

A session remembers the backend that opened it. The demo has one of its own, so no session outlives it either.
"""

import re
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend, RemoteUserBackend
from django.contrib.auth.models import User
from django.http import HttpRequest

from callstore.people.who import NOBODYS

NAME = re.compile(r"[\w.@+-]{1,150}")  # as Django's own validator has it
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


class ProxyUsers(People, RemoteUserBackend):
    """Those whom a trusted proxy names (dashboard/login/proxy.py). Who is new becomes a viewer."""

    def authenticate(  # type: ignore[override]  # Django's own two backends take different things
        self, request: HttpRequest | None, remote_user: str | None = None
    ) -> User | None:
        """The user of the proxy's name, made where there is none; None for what can be no name."""
        if not self.clean_username(remote_user or ""):
            return None
        user: User | None = RemoteUserBackend.authenticate(self, request, remote_user)  # type: ignore[arg-type]  # a name by now
        return user

    def clean_username(self, username: str) -> str:
        """The name without blanks; none where it can be no name of a login."""
        name = username.strip()
        return name if NAME.fullmatch(name) and name.casefold() not in NOBODYS else ""

    def configure_user(self, request: HttpRequest | None, user: Any, created: bool = True) -> Any:
        """Who is made here has no password to come in by."""
        if created:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        return user


class ProviderUsers(People):
    """Those whom an OpenID Connect provider has proved (dashboard/login/oidc.py): by session alone."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:  # type: ignore[override]  # by neither name nor password
        """Nobody: the provider's answer is read elsewhere."""
        return None
