"""The bar of saved views, for the page of the list."""

from django import template
from django.contrib.messages import get_messages
from django.template.context import RequestContext

from dashboard.views.bar import bar

register = template.Library()


@register.inclusion_tag("dashboard/views/bar.html", takes_context=True)
def views_bar(context: RequestContext) -> dict[str, object]:
    """The bar for the address that is shown, and what was told of the last thing done in it."""
    request = context["request"]
    return {"bar": bar(request), "told": get_messages(request), "csrf_token": context.get("csrf_token")}
