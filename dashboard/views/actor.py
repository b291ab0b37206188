"""Who asks for saved views, as the rooms below know him."""

from django.http import HttpRequest

from callstore.people.saved_views import Actor
from callstore.people.who import Principal
from dashboard.access import table
from dashboard.access.principal import principal


def person(request: HttpRequest) -> Actor:
    """Who is logged in."""
    return of(principal(request))


def of(who: Principal | None) -> Actor:
    """A principal as an actor: admins, and the operator's tokens, may edit what is not theirs."""
    admin = table.may(who, "administer") or (who is not None and who.scope == "operator")
    return Actor(who.user_id if who else None, admin)
