"""Who decides: whether they may, and to whom a call can be assigned."""

from django.contrib.auth import get_user_model
from django.http import HttpRequest

from callstore.people.review import BadChange
from dashboard.access.principal import may

ME = "me"
MOST_PEOPLE = 500  # of whom one is chosen


def may_decide(request: HttpRequest) -> bool:
    """Whether who asks may decide about calls, for what shows them a form."""
    return may(request, "decide")


def assignees() -> list[str]:
    """The logins to whom a call can be assigned, by name."""
    people = get_user_model().objects.filter(is_active=True).order_by("username")
    return list(people.values_list("username", flat=True)[:MOST_PEOPLE])


def assignee(name: str, me: str) -> str:
    """The login that a name means: `me` is who asks, "" nobody. Raises BadChange where there is none."""
    name = me if name == ME else name.strip()
    if name and ("\0" in name or not get_user_model().objects.filter(username=name, is_active=True).exists()):
        raise BadChange("No login has the name that the call would be assigned to.")
    return name
