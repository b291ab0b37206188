"""The call that a page's path asks for, and what is raised where there is none."""

from django.http import Http404

from callstore.projection import queries
from callstore.report.document import Document


class Expired(Exception):
    """The call is of a month that was retired, which the message names; the gate answers 410."""


def call_or_404(id: str) -> Document:
    """The call that this is any id of. Raises Expired for an id of ours that was one, Http404 for another."""
    document = queries.find(id)
    if document is None:
        if month := queries.expired(id):
            raise Expired(month)
        raise Http404("No call has this id.")
    return document
