"""Logins: made, given a role, shut and opened, given a password. At least one admin always stays."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from callstore.people.models import Membership
from callstore.people.who import NOBODYS, ROLES, role_of

WORDS = 24  # characters of a password that we make: 18 random bytes
NAMED = 5  # admins, to whom somebody is sent


class Unwanted(ValueError):
    """A change of a login that cannot be made; the message says why."""


class Account(NamedTuple):
    """A login as admins see it. `how` says by what somebody comes in."""

    user: User
    role: str
    how: str


def everybody() -> list[Account]:
    """Every login: who may come in first, then by name."""
    users = _users().prefetch_related("identities").order_by("-is_active", "username")
    return [Account(user, role_of(user), _how(user)) for user in users]


def find(id: int) -> User | None:
    """The login of this id."""
    user: User | None = _users().filter(pk=id).first()
    return user


def admins() -> Sequence[str]:
    """The names of some admins, whom somebody can ask."""
    active = _users().filter(is_active=True).order_by("username")
    return [user.get_username() for user in active if role_of(user) == "admin"][:NAMED]


def make(name: str, role: str, password: str | None) -> User:
    """Make a login; without a password one of a proxy or a provider. Raises Unwanted."""
    _check_role(role)
    user = get_user_model()(username=get_user_model().normalize_username(name.strip()))
    if user.username.casefold() in NOBODYS:
        raise Unwanted(f"{user.username!r} is taken: so the audit calls somebody who has no login.")
    if password is not None:
        _check_password(password, user)
    user.set_password(password)
    try:
        user.full_clean(exclude=["password"])
        with transaction.atomic():
            user.save()
            Membership.objects.create(user=user, role=role)
    except ValidationError as error:
        raise Unwanted(" ".join(error.messages)) from None
    except IntegrityError:
        raise Unwanted(f"There is a login {name!r} already.") from None
    return user


def give_role(user: User, role: str) -> None:
    """Give somebody a role. Raises Unwanted."""
    _check_role(role)
    with _one_admin_stays():
        Membership.objects.update_or_create(user=user, defaults={"role": role})


def shut(user: User) -> None:
    """Let somebody in no more; his sessions end with their next request. Raises Unwanted."""
    _activate(user, False)


def open_again(user: User) -> None:
    """Let somebody in again."""
    _activate(user, True)


def reset(user: User) -> str:
    """Give a login a new password, told once; every session of its old one ends."""
    password = new_password()
    set_password(user, password)
    return password


def set_password(user: User, password: str) -> None:
    """Give a login this password. Raises Unwanted."""
    _check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])


def new_password() -> str:
    """A password that nobody guesses."""
    return secrets.token_urlsafe(WORDS * 3 // 4)


def _users() -> Any:
    return get_user_model()._default_manager.select_related("membership")


def _how(user: Any) -> str:
    ways = ["password"] if user.has_usable_password() else []
    ways += ["OpenID Connect"] if user.identities.all() else []
    return " and ".join(ways) or "proxy"


def _activate(user: User, active: bool) -> None:
    with _one_admin_stays():
        user.is_active = active
        user.save(update_fields=["is_active"])


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise Unwanted(f"A role is one of {', '.join(ROLES)}.")


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Unwanted(" ".join(error.messages)) from None


@contextmanager
def _one_admin_stays() -> Iterator[None]:
    """A change that is undone where nobody could administer afterwards. Raises Unwanted."""
    with transaction.atomic():
        # One such change at a time: two admins who shut each other out at once would both be the last.
        list(get_user_model()._default_manager.select_for_update().filter(is_active=True).values_list("pk"))
        yield
        if not admins():
            raise Unwanted("Somebody has to be an admin: make another one first.")
