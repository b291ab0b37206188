"""Saved views: who sees which, who may change it, and changes that never overwrite another's unseen."""

from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.fields import BooleanField
from django.utils.text import slugify

from callstore.people.models import SavedView, Star

LONGEST_SLUG = 60
MOST_OWNED = 500  # of one person; who needs more of them searches


class Actor(NamedTuple):
    """Who asks: a person by his id, None for a program; and whether he may edit what is not his."""

    id: int | None
    admin: bool


class Changed(Exception):
    """Somebody else changed or deleted the view since the version that was told."""


class TooMany(Exception):
    """The owner has as many views as one may have."""


class Known(NamedTuple):
    """A view as one actor has it."""

    view: SavedView
    starred: bool
    editable: bool

    @property
    def owner(self) -> str | None:
        """The owner's name; None for a view that nobody owns."""
        return self.view.owner.get_username() if self.view.owner else None


def visible(actor: Actor) -> list[Known]:
    """The actor's own views and the team's: pinned ones first, then by name."""
    rows = _with_stars(actor).filter(Q(team=True) | Q(owner_id=actor.id)).order_by("-starred", "name", "slug")
    return [_known(row, actor) for row in rows]


def find(slug: str, actor: Actor) -> Known | None:
    """The view of a slug, where the actor may see it: his own, the team's, or any for an admin."""
    if "\0" in slug:
        return None
    row = _with_stars(actor).filter(slug=slug).first()
    seen = row is not None and (row.team or row.owner_id == actor.id or actor.admin)
    return _known(row, actor) if row is not None and seen else None


def create(actor: Actor, name: str, parts: dict[str, Any]) -> Known:
    """Keep a view of these columns. Its slug is made of its name, once for ever. Raises TooMany."""
    if SavedView.objects.filter(owner_id=actor.id).count() >= MOST_OWNED:
        raise TooMany
    while True:
        try:
            with transaction.atomic():
                row = SavedView.objects.create(slug=_free_slug(name), name=name, owner_id=actor.id, **parts)
            return Known(row, starred=False, editable=True)
        except IntegrityError:
            continue  # another took the slug in this moment


def change(view: SavedView, changes: dict[str, Any], version: int | None = None) -> None:
    """Set columns of a view, if it is still of the version that the actor saw. Raises Changed."""
    if not _still(view, version).update(version=F("version") + 1, **changes):
        raise Changed


def delete(view: SavedView, version: int | None = None) -> None:
    """Delete a view, if it is still of the version that the actor saw. Raises Changed."""
    if not _still(view, version).delete()[0]:
        raise Changed


def star(view: SavedView, actor: Actor, on: bool) -> None:
    """Pin a view for a person, or take the pin away. A program has no pins."""
    if on and actor.id is not None:
        Star.objects.get_or_create(view=view, person_id=actor.id)
    else:
        Star.objects.filter(view=view, person_id=actor.id).delete()


def _with_stars(actor: Actor) -> "QuerySet[Any]":
    mine = Star.objects.filter(view=OuterRef("pk"), person_id=actor.id)
    starred = Exists(mine) if actor.id is not None else Value(False, BooleanField())
    return SavedView.objects.select_related("owner").annotate(starred=starred)


def _known(row: Any, actor: Actor) -> Known:
    return Known(row, row.starred, actor.admin or (actor.id is not None and row.owner_id == actor.id))


def _still(view: SavedView, version: int | None) -> "QuerySet[SavedView]":
    rows = SavedView.objects.filter(pk=view.pk)
    return rows if version is None else rows.filter(version=version)


def _free_slug(name: str) -> str:
    wanted = slugify(name, allow_unicode=True)[:LONGEST_SLUG].strip("-_") or "view"
    taken = set(SavedView.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (wanted, *numbered) if slug not in taken)
