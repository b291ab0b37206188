"""Who may act on the page of ingest health: replay what was set aside, send a test event."""

from django.http import HttpRequest


def may_operate(request: HttpRequest) -> bool:
    """Whether who asks may: whoever may log in, until people have roles."""
    return request.user.is_authenticated
