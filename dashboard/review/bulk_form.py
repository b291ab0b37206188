"""The form by which many calls of the list are reviewed at once."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from callstore.domain.facts.vocabulary import REVIEW_STATES
from callstore.people.review import BadChange, Change
from callstore.people.who import name as actor
from callstore.search.compile import where
from callstore.search.errors import QueryError
from dashboard.review import bulk
from dashboard.review.access import assignee

MOST_IDS = 1_000


@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Change marked calls or all that a query finds, and lead back to the list, which says what was done."""
    me, given = actor(request), request.POST
    try:
        change = _change(given, me)
        if given.get("which") == "all":
            done = bulk.act_on_all(where(given.get("q", ""), datetime.now(UTC)), change, me)
        else:
            done = bulk.act_on_ids(_marked(given), change, me)
        calls = "call" if done.changed == 1 else "calls"
        messages.success(request, f"{done.changed:,} of {done.calls:,} {calls} changed.")
    except (BadChange, bulk.TooMany, QueryError) as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(_list(given.get("next", "")))


def _marked(given: QueryDict) -> list[str]:
    ids = given.getlist("ids")[:MOST_IDS]
    if not ids:
        raise BadChange("No call is marked. Mark some, or choose all that match.")
    return ids


def _change(given: QueryDict, me: str) -> Change:
    whose = given.get("assignee", "")
    return Change(
        state=next((state for state in REVIEW_STATES if state == given.get("state")), None),
        assignee=assignee(whose[1:], me) if whose else None,  # "-" is nobody, "=ada" is ada
        tags_add=_tags(given.get("tags_add", "")),
        tags_remove=_tags(given.get("tags_remove", "")),
    )


def _tags(text: str) -> tuple[str, ...]:
    return tuple(tag for tag in map(str.strip, text.split(",")) if tag)


def _list(address: str) -> str:
    """The list that the form was sent from; nowhere else."""
    calls = reverse("calls")
    return address if address == calls or address.startswith(f"{calls}?") else calls
