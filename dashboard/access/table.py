"""The one table of permissions: who has which, and which one a path takes for each of its methods.

What is not in it is refused (dashboard/gate.py), so a new path needs a row. Roles are of people who logged
in, scopes of tokens; pages take no token.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

from callstore.people.who import ROLES, Principal, Role, Scope

Permission: TypeAlias = Literal[
    "open", "account", "read", "advice", "decide", "numbers", "raw", "reveal", "export", "share",
    "alerts", "administer",
]  # fmt: skip


class Holders(NamedTuple):
    """Who has a permission."""

    roles: frozenset[Role]
    scopes: frozenset[Scope]


def _of(*roles: Role, scopes: tuple[Scope, ...] = ()) -> Holders:
    return Holders(frozenset(roles), frozenset(scopes))


# `open` is everybody's, a stranger's too. The scope `ingest` opens the door /hooks/app/ alone, which lies
# before this table (ingest/providers/app/signature.py).
HOLDERS: dict[Permission, Holders] = {
    "account": _of(*ROLES),  # one's own password
    "read": _of(*ROLES, scopes=("read", "raw", "operator")),
    "advice": _of(*ROLES, scopes=("read", "raw", "advice", "operator")),
    "decide": _of(*ROLES, scopes=("operator",)),  # reviews, notes, views, recordings moved, incidents entered
    "export": _of(*ROLES, scopes=("read", "raw", "operator")),  # numbers are masked in it for everybody
    "numbers": _of("analyst", "admin", scopes=("read", "raw", "operator")),  # whole telephone numbers
    "raw": _of("analyst", "admin", scopes=("raw", "operator")),  # deliveries as they came
    "reveal": _of("analyst", "admin"),  # the button that shows both on a page
    "share": _of("analyst", "admin", scopes=("operator",)),
    "alerts": _of("admin", scopes=("operator",)),
    "administer": _of("admin"),  # users, tokens, the audit
}

READ: Mapping[str, Permission] = {"GET": "read"}
DECIDE: Mapping[str, Permission] = {"POST": "decide"}
ALERTS: Mapping[str, Permission] = {"GET": "alerts", "POST": "alerts"}
BOTH: Mapping[str, Permission] = {"GET": "read", "POST": "decide"}
OPEN: Mapping[str, Permission] = {"GET": "open", "POST": "open"}
ADMINISTER: Mapping[str, Permission] = {"GET": "administer", "POST": "administer"}

# The route as Django's resolver has it → its methods → what each takes. HEAD is as GET.
PAGES: dict[str, Mapping[str, Permission]] = {
    "": READ,
    "ingest": READ,
    "ingest/doctor": READ,
    "ingest/events": READ,
    "ingest/replay": {"POST": "administer"},
    "ingest/test": {"POST": "administer"},
    "login/": OPEN,
    "login/oidc": {"GET": "open"},
    "login/oidc/callback": {"GET": "open"},
    "logout/": {"POST": "open"},
    "alerts": {"GET": "alerts"},
    "alerts/new": ALERTS,
    "alerts/<int:id>": ALERTS,
    "calls": READ,
    "calls/count": READ,
    "calls/bulk": DECIDE,
    "calls/facets": READ,
    "calls/help": READ,
    "calls/since": READ,
    "calls/steps": READ,
    "calls/rows": READ,
    "calls/<str:id>": READ,
    "calls/<str:id>/history": READ,
    "calls/<str:id>/review": BOTH,
    "calls/<str:id>/notes": DECIDE,
    "calls/<str:id>/events": READ,
    "calls/<str:id>/events/<int:position>": READ,
    "calls/<str:id>/report": READ,
    "calls/<str:id>/shares": {"GET": "read", "POST": "share"},
    "calls/<str:id>/shares/<uuid:share>/revoke": {"POST": "share"},
    "share/<str:token>": {"GET": "open"},
    "share/<str:token>/audio/<str:recording>": {"GET": "open"},
    "compare": READ,
    "live": READ,
    "views": BOTH,
    "views/<str:slug>": DECIDE,
    "calls/<str:id>/reveal": {"POST": "reveal"},
    "calls/<str:id>/events/<int:position>/reveal": {"POST": "reveal"},
    "settings": {"GET": "account"},
    "settings/password": {"GET": "account", "POST": "account"},
    "settings/users": ADMINISTER,
    "settings/users/<int:id>": {"POST": "administer"},
    "settings/tokens": ADMINISTER,
    "settings/tokens/<int:id>/revoke": {"POST": "administer"},
    "settings/webhooks": ADMINISTER,
    "settings/webhooks/<int:id>": {"POST": "administer"},
    "settings/audit": {"GET": "administer"},
}
API: dict[str, Mapping[str, Permission]] = {
    "api/v1/": {"GET": "open"},
    "api/v1/docs": {"GET": "open"},
    "api/v1/openapi.json": {"GET": "open"},
    "api/v1/<path:anything>": READ,
    "api/v1/alerts": ALERTS,
    "api/v1/alerts/preview": {"POST": "alerts"},
    "api/v1/alerts/<id>": {"GET": "alerts", "PUT": "alerts", "DELETE": "alerts"},
    "api/v1/alerts/<id>/history": {"GET": "alerts"},
    "api/v1/alerts/<id>/test": {"POST": "alerts"},
    "api/v1/calls": READ,
    "api/v1/calls/bulk": DECIDE,
    "api/v1/calls/<id>": READ,
    "api/v1/calls/<id>/advice": {"GET": "advice"},
    "api/v1/calls/<id>/audio/<recording>": READ,
    "api/v1/calls/<id>/bundle.zip": {"GET": "export"},
    "api/v1/calls/<id>/fixture.zip": {"GET": "export"},
    "api/v1/calls/<id>/shares": {"GET": "read", "POST": "share"},
    "api/v1/shares/<id>": {"DELETE": "share"},
    "api/v1/calls/<id>/events": READ,  # and `raw` for the deliveries
    "api/v1/calls/<id>/figure.json": READ,
    "api/v1/calls/<id>/history": READ,
    "api/v1/calls/<id>/notes": BOTH,
    "api/v1/calls/<id>/peaks": READ,
    "api/v1/calls/<id>/recordings/<recording>/nudge": DECIDE,
    "api/v1/calls/<id>/review": BOTH,
    "api/v1/calls/<id>/timeline": READ,
    "api/v1/compare": READ,
    "api/v1/doctor": READ,
    "api/v1/facets": READ,
    "api/v1/incidents": DECIDE,
    "api/v1/incidents.csv": {"GET": "export"},
    "api/v1/incidents.jsonl": {"GET": "export"},
    "api/v1/overview": READ,
    "api/v1/sources": READ,
    "api/v1/suggest": READ,
    "api/v1/views": BOTH,
    "api/v1/views/<slug>": {"GET": "read", "PUT": "decide", "DELETE": "decide"},
}
ROWS = {**PAGES, **API}
# The demo's stand-in for Twilio's media proves by itself who asks, as Twilio does.
PROVE_THEMSELVES = "^demo/twilio/"
HOLD_RAW = frozenset({"api/v1/calls/<id>/events"})  # to whoever has `raw`
# Asked by a script, which a page to log in at would not help: a stranger's answer is 401.
BY_SCRIPT = frozenset({"calls/since", "calls/rows"})


def methods(route: str) -> Mapping[str, Permission] | None:
    """What each method of a route takes; None for a route that is in no row."""
    return ROWS.get(route)


def may(principal: Principal | None, permission: Permission) -> bool:
    """Whether somebody has a permission; None is a stranger."""
    if permission == "open":
        return True
    if principal is None:
        return False
    holders = HOLDERS[permission]
    return principal.role in holders.roles or principal.scope in holders.scopes
