"""The bar above the list: which view is shown, what differs from the saved one, and the pinned ones."""

from typing import NamedTuple

from django.http import HttpRequest

from callstore.people import saved_views
from callstore.people.saved_views import Known
from dashboard.views import actor
from dashboard.views.state import State, permalink

MOST_PINNED = 12  # in the bar; all of them are on the page of views


class Entry(NamedTuple):
    """A view as a link; `active` where the list was opened by it."""

    known: Known
    url: str
    active: bool


class Bar(NamedTuple):
    """What the bar prints: the view that the list was opened by, and in which parts the list left it."""

    here: str
    state: State
    known: Known | None
    differences: list[str]
    pinned: list[Entry]
    others: list[Entry]

    @property
    def saved_url(self) -> str:
        """The permalink of the view that is shown, which is also the way back to it."""
        return permalink(self.known.view.slug) if self.known else ""


def bar(request: HttpRequest) -> Bar:
    """The bar of the list at a request's address, for who is logged in."""
    state, slug = State.of_list(request.GET), request.GET.get("view", "")
    who = actor.person(request)
    views = saved_views.visible(who)
    known = next((each for each in views if each.view.slug == slug), None)
    if known is None and slug:
        known = saved_views.find(slug, who)  # another's, opened by an admin
    entries = [Entry(each, permalink(each.view.slug), each is known) for each in views]
    pinned = [each for each in entries if each.known.starred][:MOST_PINNED]
    return Bar(
        request.get_full_path(),
        state,
        known,
        state.differences(State.of_view(known.view)) if known else [],
        pinned,
        [each for each in entries if each not in pinned],
    )
