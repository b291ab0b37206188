"""From a call's page back to the list it was opened from, and on to the calls beside it there."""

from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from callstore.projection.patience import TooSlow, patience
from callstore.projection.place import Beside, beside
from callstore.search.compile import compiled
from callstore.search.errors import QueryError
from dashboard.calls.bar.counting import AT_ONCE_S, Count, counted_at_once
from dashboard.calls.columns import asked
from dashboard.calls.query import Query

CARRIED = "list"  # the parameter of a call's page that holds the list's own


class WayBack(NamedTuple):
    """The list's URL with this call marked, its query and its count, and the calls beside this one."""

    url: str
    query: str
    calls: Count | None
    before: str
    after: str


def way_back(carried: str, call_id: str, now: datetime) -> WayBack:
    """The way back to the list with these parameters; without neighbours where they would take long."""
    address = asked(QueryDict(carried))
    url = f"{address.marking(call_id).url}#call-{call_id}"
    near, count = Beside(None, None), None
    try:
        condition = compiled(address.whole(Query.read(address.q).tree, now), now)
        with patience(AT_ONCE_S):
            near = beside(condition, address.sort, call_id)
        count = counted_at_once(condition)
    except (QueryError, ValueError, TooSlow):
        pass  # a list that cannot be read any more has still its address
    return WayBack(url, address.q, count, *(_page(each, carried) for each in near))


def _page(call_id: str | None, carried: str) -> str:
    return f"{reverse('call', args=[call_id])}?{urlencode({CARRIED: carried})}" if call_id else ""
