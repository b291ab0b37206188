"""Who asks: a person with a role, or a program with the scope of its token; and by which name it is kept."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from django.http import HttpRequest

Role: TypeAlias = Literal["viewer", "analyst", "admin"]
# What a made token is for; `operator` is that of API_TOKENS, which whoever runs this store gave.
MadeScope: TypeAlias = Literal["read", "raw", "ingest", "advice"]
Scope: TypeAlias = Literal[MadeScope, "operator"]

ROLES: tuple[Role, ...] = get_args(Role)
MADE_SCOPES: tuple[MadeScope, ...] = get_args(MadeScope)
STRANGER = "stranger"  # who neither logged in nor showed a token
# What is kept of acts behind which no login is: no login has such a name, in whatever letters.
NOBODYS = frozenset({STRANGER, "manage.py", "command"})


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who is known. `name` is kept of what he does; a program has a scope, a person role and id."""

    name: str
    role: Role | None = None
    scope: Scope | None = None
    user_id: int | None = None

    @property
    def is_person(self) -> bool:
        """Whether it is somebody who logged in."""
        return self.role is not None


def role_of(user: Any) -> Role:
    """The role of a user: the one that was given, else admin for superusers and staff, else viewer."""
    given = getattr(user, "membership", None)
    if given is not None and given.role in ROLES:
        role: Role = given.role
        return role
    return "admin" if user.is_superuser or user.is_staff else "viewer"


def person(user: Any) -> Principal:
    """A user who logged in, as a principal."""
    return Principal(str(user.get_username()), role=role_of(user), user_id=user.pk)


def name(request: HttpRequest) -> str:
    """The name that is kept of who asks: a login's, `token:` and a token's name, or `stranger`."""
    principal: Principal | None = getattr(request, "principal", None)
    if principal is not None:
        return principal.name
    user = getattr(request, "user", None)
    return str(user.get_username()) if user is not None and user.is_authenticated else STRANGER
