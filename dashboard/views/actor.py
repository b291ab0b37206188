"""Who asks for saved views, as the rooms below know him. Roles, once there are any, are read here."""

from typing import Any

from callstore.people.saved_views import Actor

PROGRAM = Actor(None, admin=True)  # a token of the operator's settings


def person(user: Any) -> Actor:
    """Who is logged in: staff may edit what is not theirs."""
    return Actor(user.pk, bool(user.is_staff))
