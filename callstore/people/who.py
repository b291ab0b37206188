"""By which name it is kept who does something."""

from hashlib import sha256

from django.http import HttpRequest

BEARER = "bearer "
STRANGER = "stranger"  # who neither logged in nor showed a token


def name(request: HttpRequest) -> str:
    """The name of who asks: a login's, `token:` and what tells one token from another, or `stranger`.

    Of a token of the settings those are the first digits of its SHA-256: nobody learns a token of 20
    characters from them.
    """
    given = request.headers.get("Authorization", "")
    if getattr(request, "auth", None) == "token" and given.lower().startswith(BEARER):
        return f"token:{sha256(given[len(BEARER) :].strip().encode(errors='replace')).hexdigest()[:8]}"
    user = getattr(request, "user", None)
    return str(user.get_username()) if user is not None and user.is_authenticated else STRANGER
