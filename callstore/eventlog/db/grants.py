"""The application's role, and what it may do: made and granted anew at each `manage.py prepare`."""

from django.db import DatabaseError, IntegrityError, connection
from psycopg.errors import DuplicateObject, InsufficientPrivilege

from callstore.eventlog.db import sqlfile

ROLE = "callstore_app"
ROLES = (
    f"CREATE ROLE {ROLE} NOLOGIN;",
    f"CREATE ROLE callstore LOGIN PASSWORD '…' IN ROLE {ROLE};",
)


class NoRole(Exception):
    """There is no application's role, and who asks may not make it."""


def ensure_role() -> None:
    """Make the application's role where it is missing. Raises NoRole."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE])
        if cursor.fetchone() is not None:
            return
        try:
            cursor.execute(ROLES[0])
        except IntegrityError:
            pass  # roles belong to the cluster: another database's preparation was a moment faster
        except DatabaseError as error:
            if isinstance(error.__cause__, InsufficientPrivilege):
                raise NoRole from None
            if not isinstance(error.__cause__, DuplicateObject):
                raise


def grant() -> None:
    """Grant it what it needs of the log and of everything in public; what it has already, it keeps."""
    with connection.cursor() as cursor:
        cursor.execute(sqlfile.read("grants"))
