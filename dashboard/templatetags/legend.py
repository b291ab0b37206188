"""Template tags for chips that say a flag, and for what all chips of a page mean."""

from django import template

from callstore.report.document import Document
from dashboard.legend import legend
from dashboard.legend.chip import Chip
from dashboard.legend.legend import Group

register = template.Library()


@register.simple_tag
def flag_chips(call: Document) -> list[Chip]:
    """The flags of a call that its page shows."""
    return legend.flags_of_call(call)


@register.inclusion_tag("dashboard/legend/chips.html")
def legend_of_call(call: Document) -> dict[str, list[Chip]]:
    """What the chips of a call's page mean."""
    return {"chips": list(legend.of_call(call))}


@register.inclusion_tag("dashboard/legend/groups.html")
def legend_of_list() -> dict[str, list[Group]]:
    """What the chips of the list mean."""
    return {"groups": legend.OF_LIST}
