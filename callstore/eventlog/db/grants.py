"""Our roles, and what they may do: made and granted anew at each `manage.py prepare`."""

from django.db import DatabaseError, IntegrityError, connection
from psycopg.errors import DuplicateObject, InsufficientPrivilege

from callstore.eventlog.db import sqlfile

ROLES = {
    "callstore_app": "CREATE ROLE callstore_app NOLOGIN;",
    "callstore_operator": "CREATE ROLE callstore_operator NOLOGIN IN ROLE callstore_app;",
}
LOGIN = "CREATE ROLE callstore LOGIN PASSWORD '…' IN ROLE callstore_app;"


class NoRole(Exception):
    """A role of ours is missing, and who asks may not make it; the message is SQL that a superuser runs."""


def ensure_roles() -> None:
    """Make the application's role and the operator's where they are missing. Raises NoRole."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname::text FROM pg_roles WHERE rolname = ANY(%s)", [list(ROLES)])
        there = {name for (name,) in cursor.fetchall()}
        missing = [make for name, make in ROLES.items() if name not in there]
        try:
            for make in missing:
                cursor.execute(make)
        except IntegrityError:
            pass  # roles belong to the cluster: another database's preparation was a moment faster
        except DatabaseError as error:
            if isinstance(error.__cause__, InsufficientPrivilege):
                raise NoRole("\n".join([*missing, LOGIN])) from None
            if not isinstance(error.__cause__, DuplicateObject):
                raise


def grant() -> None:
    """Grant them what they need of the log and of everything in public; what they have already, they keep."""
    with connection.cursor() as cursor:
        cursor.execute(sqlfile.read("grants"))
