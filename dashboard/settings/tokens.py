"""The page of tokens: which there are, when each was last used, and to make or revoke one."""

from datetime import datetime, timedelta
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from callstore.people import audit
from callstore.people import tokens as made
from callstore.people.tokens import BadToken
from callstore.people.who import MADE_SCOPES

# What each scope is for, in a line.
FOR = {
    "read": "reads calls by the API, without deliveries",
    "raw": "reads calls and their deliveries as they came",
    "ingest": "brings facts of your application to /hooks/app/, and reads nothing",
    "advice": "asks for advice on a call that ends, and nothing else",
}
LASTS = {"30": "30 days", "90": "90 days", "365": "a year", "": "until it is revoked"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Every token; a POST makes one, and shows it once."""
    if request.method != "POST":
        return _shown(request)
    given = {name: request.POST.get(name, "") for name in ("name", "scope", "days")}
    try:
        until, me = _until(given["days"]), request.user.get_username()
        token, text = made.make(given["name"], given["scope"], me, until)
    except BadToken as error:
        return _shown(request, wrong=str(error), typed=given)
    audit.record(request, "token_made", token=token.name, scope=token.scope, prefix=token.prefix)
    return _shown(request, f"Made the token {token.name}. This is it, shown once:", secret=text)


@never_cache
@require_POST
def revoke(request: HttpRequest, id: int) -> HttpResponse:
    """End a token for good."""
    token = made.revoke(id) if id < 2**63 else None
    if token is None:
        raise Http404("No token in use has this id.")
    audit.record(request, "token_revoked", token=token.name, scope=token.scope, prefix=token.prefix)
    return _shown(request, f"{token.name} is revoked. Doors refuse it within ten seconds, the API at once.")


def _until(days: str) -> datetime | None:
    if days not in LASTS:
        raise BadToken("Choose how long the token lasts.")
    return timezone.now() + timedelta(days=int(days)) if days else None


def _shown(
    request: HttpRequest, said: str = "", *, wrong: str = "", secret: str = "", typed: object = None
) -> HttpResponse:
    shown = {
        "settings_page": "tokens",
        "tokens": [(token, made.state(token)) for token in made.everything()],
        "scopes": [(scope, FOR[scope]) for scope in MADE_SCOPES],
        "lasts": LASTS.items(),
        "said": said,
        "wrong": wrong,
        "secret": secret,
        "typed": typed or {"days": "90"},
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "dashboard/settings/tokens.html", shown, status=status)
