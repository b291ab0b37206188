"""The shapes of saved views, as they are sent and as they are told."""

from ninja import Field, Schema

from callstore.people.saved_views import Known
from callstore.search.keys import column_sorted_by
from dashboard.views.state import State, permalink


class ViewParts(Schema):
    """What the list shows, each part as its address has it; an empty one is the list's own."""

    name: str | None = Field(None, description="Needed for a new view; the slug stays as it was first made")
    q: str | None = Field(None, description="A query of the one language")
    sort: str | None = Field(None, description="A field, - before it for descending")
    cols: list[str] | None = Field(None, description="Names of the list's columns, in order")
    from_: str | None = Field(None, alias="from", description="2026-04-13T00:18Z, -24h or now")
    to: str | None = Field(None, description="As from")
    team: bool | None = Field(None, description="Whether everybody sees it; else its owner alone")
    starred: bool | None = Field(None, description="Whether you pin it: your own, also of another's view")


class ViewToKeep(ViewParts):
    """A new view. Left out are: no query, newest first, the list's columns, all times, private."""


class ViewToChange(ViewParts):
    """What shall be changed of a view; what is left out stays."""

    version: int | None = Field(None, description="The version that you saw; If-Match says the same")


class View(Schema):
    """A saved view. Nobody owns what every installation begins with."""

    slug: str
    name: str
    q: str
    sort: str
    cols: list[str]
    from_: str = Field(alias="from")
    to: str
    team: bool
    owner: str | None
    starred: bool
    editable: bool
    version: int
    url: str


class Views(Schema):
    """Your own views and the team's, pinned ones first, then by name."""

    items: list[View]


def told(known: Known) -> dict[str, object]:
    """A view as the API tells it."""
    row = known.view
    return {
        "slug": row.slug,
        "name": row.name,
        **State.of_view(row).named,
        "cols": row.cols,
        "team": row.team,
        "owner": known.owner,
        "starred": known.starred,
        "editable": known.editable,
        "version": row.version,
        "url": permalink(row.slug),
    }


def parts(given: ViewParts) -> dict[str, str]:
    """The parts of the list that were sent, under their names in the address."""
    sent = given.model_dump(exclude_unset=True, by_alias=True, include={"q", "sort", "cols", "from_", "to"})
    written = {"cols": ",".join, "sort": column_sorted_by}
    return {name: written.get(name, str)(value) if value else "" for name, value in sent.items()}
