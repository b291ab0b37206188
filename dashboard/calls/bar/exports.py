"""The files that a list can be had as."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse


class Export(NamedTuple):
    """A file of everything the list finds: its name, for what it is, and where it is."""

    name: str
    about: str
    url: str


def exports(query: str, columns: str) -> list[Export]:
    """Every format of the calls of a query; `columns` as the list's address has them."""
    table, lines = reverse("api-1:get_incidents_csv"), reverse("api-1:get_incidents_jsonl")
    return [
        Export("CSV", "a row a call, every field", _url(table, q=query)),
        Export("CSV of these columns", "as the list", _url(table, q=query, schema="columns", cols=columns)),
        Export("CSV for Excel", "with a byte order mark", _url(table, q=query, bom="true")),
        Export("JSON lines", "the same fields, as they are", _url(lines, q=query)),
    ]


def _url(path: str, **given: str) -> str:
    asked = {name: value for name, value in given.items() if value}
    return path + (f"?{urlencode(asked)}" if asked else "")
