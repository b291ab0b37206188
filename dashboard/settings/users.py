"""The page of users: who may come in, as what, and what an admin may do about it."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from callstore.people import accounts, audit
from callstore.people.accounts import Unwanted
from callstore.people.who import ROLES, role_of

# What each role may, in a line.
MAY = {
    "viewer": "reads and reviews calls; numbers are masked everywhere, in deliveries too",
    "analyst": "may also show numbers and deliveries, which the audit keeps, and share calls",
    "admin": "may also manage users, tokens and alerts, and read the audit",
}
SELF = "That would shut you out: ask another admin to do it."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def users(request: HttpRequest) -> HttpResponse:
    """Every login; a POST makes one, and shows its password once."""
    if request.method != "POST":
        return _shown(request)
    name, role = request.POST.get("name", ""), request.POST.get("role", "")
    password = accounts.new_password()
    try:
        made = accounts.make(name, role, password)
    except Unwanted as error:
        return _shown(request, wrong=str(error), typed={"name": name, "role": role})
    audit.record(request, "user_changed", user=made.get_username(), change="made", role=role)
    said = f"Made the login {made.get_username()}, {_article(role)}. This is its password, shown once:"
    return _shown(request, said, secret=password)


@never_cache
@require_POST
def change(request: HttpRequest, id: int) -> HttpResponse:
    """Do to a login what the button `do` says."""
    user = accounts.find(id)
    act = ACTS.get(request.POST.get("do", ""))
    if user is None or act is None:
        raise Http404("No login has this id, or nothing of this name is done to one.")
    try:
        return act(request, user)
    except Unwanted as error:
        return _shown(request, wrong=str(error))


def _give_role(request: HttpRequest, user: User) -> HttpResponse:
    role = request.POST.get("role", "")
    accounts.give_role(user, role)
    _enter(request, user, "role", role=role)
    return _shown(request, f"{user.get_username()} is {_article(role)} now.")


def _shut(request: HttpRequest, user: User) -> HttpResponse:
    if user.pk == request.user.pk:
        raise Unwanted(SELF)
    accounts.shut(user)
    _enter(request, user, "shut")
    return _shown(request, f"{user.get_username()} may come in no more, and is logged out everywhere.")


def _open(request: HttpRequest, user: User) -> HttpResponse:
    accounts.open_again(user)
    _enter(request, user, "opened")
    return _shown(request, f"{user.get_username()} may come in again.")


def _reset(request: HttpRequest, user: User) -> HttpResponse:
    if user.pk == request.user.pk:
        raise Unwanted("Your own password you change on the page Password.")
    password = accounts.reset(user)
    _enter(request, user, "password reset")
    said = f"{user.get_username()} is logged out everywhere. This is the new password, shown once:"
    return _shown(request, said, secret=password)


ACTS: dict[str, Callable[[HttpRequest, User], HttpResponse]] = {
    "role": _give_role,
    "shut": _shut,
    "open": _open,
    "reset": _reset,
}


def _enter(request: HttpRequest, user: User, change: str, **more: str) -> None:
    audit.record(request, "user_changed", user=user.get_username(), change=change, **more)


def _article(role: str) -> str:
    return f"{'an' if role[0] == 'a' else 'a'} {role}"


def _shown(
    request: HttpRequest, said: str = "", *, wrong: str = "", secret: str = "", typed: object = None
) -> HttpResponse:
    shown = {
        "settings_page": "users",
        "accounts": accounts.everybody(),
        "roles": [(role, MAY[role]) for role in ROLES],
        "me": request.user.pk,
        "my_role": role_of(request.user),
        "said": said,
        "wrong": wrong,
        "secret": secret,
        "typed": typed,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "dashboard/settings/users.html", shown, status=status)
