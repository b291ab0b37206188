"""Sign-in by OpenID Connect: authorization code with PKCE, state and nonce, by Authlib's client for Django.

What the provider needs to know of us is the address of `callback`, below PUBLIC_BASE_URL.
"""

import logging
from functools import cache
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from callstore.base.few_at_once import FewAtOnce
from callstore.people import audit
from callstore.people.address import client_address
from callstore.people.identities import user_of
from dashboard.login import throttle

log = logging.getLogger(__name__)

PATIENCE_S = 5.0  # of the provider's answers, while a person waits
BEGUN = 60  # a minute from one address, behind which may be a whole office
NEXT = "after_sign_in"  # of a session: where its reader was going
BACKEND = "dashboard.login.backends.ProviderUsers"
AWAY = "The provider of logins does not answer. Try again in a moment, or log in with a password."
REFUSED = "The provider of logins did not let you in, or too much time went by. Try again."
SHUT = "Your login here is shut. Ask an admin."
LATER = "Too many attempts. Try again in {} s."


@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """Lead to the provider, which leads back to `callback`."""
    import requests  # with Authlib 10 MB, for who signs in so

    if seconds := throttle.asked_again(f"oidc:{_address(request)}", BEGUN):
        return _later(request, seconds)
    there = request.GET.get("next", "")
    request.session[NEXT] = there if url_has_allowed_host_and_scheme(there, None) else ""
    try:
        with _asking.one():
            answer: HttpResponse = _provider().authorize_redirect(request, _callback_url(request))
    except (requests.RequestException, ValueError, RuntimeError) as error:
        return _told(request, AWAY, error)
    return answer


@never_cache
def callback(request: HttpRequest) -> HttpResponse:
    """Let in whom the provider has proved, and lead where he was going."""
    import requests
    from authlib.integrations.base_client import OAuthError
    from joserfc.errors import JoseError

    address = _address(request)
    if seconds := throttle.begin(None, address):
        return _later(request, seconds)
    try:
        with _asking.one():
            claims = _proved(request)
    except requests.RequestException as error:
        throttle.take_back(None, address)
        return _told(request, AWAY, error)
    except (OAuthError, JoseError, ValueError, KeyError, RuntimeError) as error:
        return _told(request, REFUSED, error)
    wanted = claims.get("preferred_username") or claims.get("email") or claims.get("name") or ""
    user = user_of(str(claims["iss"]), str(claims["sub"]), str(wanted))
    if not user.is_active:
        return _told(request, SHUT, PermissionError(user.get_username()))
    throttle.take_back(None, address)
    there = request.session.pop(NEXT, "")
    login(request, user, backend=BACKEND)
    return redirect(there or settings.LOGIN_REDIRECT_URL)


def _others_wait() -> Exception:
    import requests

    return requests.Timeout("others wait for the provider")


# A provider that hangs holds so many of the pages' threads, and no other waits longer for one of them.
_asking = FewAtOnce(2, 0.5, _others_wait)


def _proved(request: HttpRequest) -> dict[str, Any]:
    """The claims of the ID token that this session asked for; all that it must prove holds.

    Raises OAuthError, JoseError, ValueError or requests' own.
    """
    provider = _provider()
    issuer = provider.load_server_metadata().get("issuer")
    if str(issuer).rstrip("/") != settings.OIDC_ISSUER.rstrip("/"):
        raise ValueError(f"the provider calls itself {issuer!r}, and not as OIDC_ISSUER has it")
    wanted = {"iss": [issuer], "aud": [settings.OIDC_CLIENT_ID]}
    options = {name: {"essential": True, "values": values} for name, values in wanted.items()}
    token = provider.authorize_access_token(request, claims_options=options)
    claims: dict[str, Any] = token.get("userinfo") or {}
    if not claims.get("sub"):
        raise ValueError("the provider sent no ID token")
    return claims


def _provider() -> Any:
    """The client of the settings. Raises Http404 where there is none."""
    if not settings.OIDC_ISSUER:
        raise Http404("No provider of logins is set up.")
    return _client(settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET)


@cache
def _client(issuer: str, client_id: str, secret: str) -> Any:
    from authlib.integrations.django_client import OAuth

    return OAuth().register(
        "provider",
        client_id=client_id,
        client_secret=secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile email",
            "code_challenge_method": "S256",
            "default_timeout": PATIENCE_S,
        },
    )


def _callback_url(request: HttpRequest) -> str:
    path, ours = reverse("oidc-callback"), settings.PUBLIC_BASE_URL
    return f"{ours}{path}" if ours else request.build_absolute_uri(path)


def _address(request: HttpRequest) -> str:
    return client_address(request.META, settings.TRUSTED_PROXIES)


def _told(request: HttpRequest, said: str, error: Exception) -> HttpResponse:
    log.warning("sign-in by OpenID Connect: %s: %s", type(error).__name__, str(error)[:300])
    if said is AWAY:
        return _page(request, said, HTTPStatus.SERVICE_UNAVAILABLE)
    audit.record(request, "sign_in_refused", by="OpenID Connect", error=type(error).__name__)
    return _page(request, said, HTTPStatus.FORBIDDEN)


def _later(request: HttpRequest, seconds: int) -> HttpResponse:
    answer = _page(request, LATER.format(seconds), HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _page(request: HttpRequest, said: str, status: HTTPStatus) -> HttpResponse:
    shown = {"wrong": said, "wrong_at": "", "oidc": True, "next": request.session.get(NEXT, "")}
    return render(request, "dashboard/login.html", shown, status=status)
