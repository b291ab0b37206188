"""What templates ask of who may: `{% if may.administer %}`."""

from typing import get_args

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from dashboard.access.principal import may
from dashboard.access.table import Permission


def allowed(request: HttpRequest) -> dict[str, object]:
    """Every permission, and whether who asks has it; found when a template asks first."""

    def every() -> dict[str, bool]:
        return {each: may(request, each) for each in get_args(Permission)}

    return {"may": SimpleLazyObject(every)}
