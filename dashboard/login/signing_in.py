"""What is kept of each sign-in, by whichever way somebody came: an entry of the audit, and when it began."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, get_user_model
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from callstore.people import audit
from dashboard.access.principal import SIGNED_IN_AT


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: Any, **more: Any) -> None:
    """Enter who came in, and by what; from now on his session's time runs."""
    request.session[SIGNED_IN_AT] = datetime.now(UTC).timestamp()
    by = request.session[BACKEND_SESSION_KEY].rpartition(".")[2]
    audit.record(request, "signed_in", by=WAYS.get(by, "session"), name=user.get_username())


@receiver(user_login_failed)
def refused(credentials: dict[str, Any], request: HttpRequest | None = None, **more: Any) -> None:
    """Enter that a password was wrong. A name that nobody has may be a password in the wrong field."""
    if request is None:
        return
    name = str(credentials.get("username", ""))
    known = "\0" not in name and get_user_model()._default_manager.filter(username=name).exists()
    audit.record(request, "sign_in_refused", by="password", **({"name": name} if known else {}))


WAYS = {
    "Passwords": "password",
    "DemoPasswords": "password",
    "ProxyUsers": "proxy",
    "ProviderUsers": "OpenID Connect",
}
