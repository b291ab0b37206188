"""Who asks, for `assignee:me`: set for each request by whoever serves it."""

from collections.abc import Callable
from contextvars import ContextVar

# The login of who asks, looked up only where a query says `me`; "" is nobody who could be meant.
WHO_ASKS: ContextVar[Callable[[], str]] = ContextVar("WHO_ASKS", default=lambda: "")
