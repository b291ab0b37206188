"""Tells the query language who asks, so that `assignee:me` means somebody."""

from collections.abc import Callable
from typing import TypeAlias

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from callstore.search.who_asks import WHO_ASKS

Answering: TypeAlias = Callable[[HttpRequest], HttpResponseBase]


def told(get_response: Answering) -> Answering:
    """Have every query of a request asked by its login, who is looked up only where one says `me`."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        before = WHO_ASKS.set(lambda: str(request.user.get_username()))
        try:
            return get_response(request)
        finally:
            WHO_ASKS.reset(before)

    return answered
