"""Our roles, and what they may do: made and granted anew at each `manage.py prepare`."""

from django.db import DatabaseError, IntegrityError, connection
from psycopg.errors import DuplicateObject, InsufficientPrivilege

from callstore.eventlog.db import sqlfile

ROLES = {
    "callstore_app": "CREATE ROLE callstore_app NOLOGIN;",
    "callstore_operator": "CREATE ROLE callstore_operator NOLOGIN IN ROLE callstore_app;",
}
LOGIN = "CREATE ROLE callstore LOGIN PASSWORD '…' IN ROLE callstore_app;"

# Of each kind of table one: they are granted together.
NEEDED = (
    ("log", "event", "INSERT"),
    ("log", "call_key", "SELECT"),
    ("log", "head", "UPDATE"),
    ("log", "leader", "UPDATE"),
    ("public", "call", "UPDATE"),
    ("public", "ingest_rejection", "INSERT"),
)
# By the catalogue, which anybody may read: to name a table takes the right to its schema.
LACKING = """
SELECT 'the role ' || role FROM unnest(%s::text[]) AS role
WHERE role NOT IN (SELECT rolname::text FROM pg_roles)
UNION ALL
SELECT privilege || ' on ' || schema || '.' || name
FROM unnest(%s::text[], %s::text[], %s::text[]) AS needed (schema, name, privilege)
LEFT JOIN pg_namespace n ON n.nspname = schema
LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = name
WHERE c.oid IS NULL OR NOT has_schema_privilege(n.oid, 'USAGE') OR NOT has_table_privilege(c.oid, privilege)
"""


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


def lacking() -> list[str]:
    """What the role of this connection lacks of what serving needs, and our roles that are not there.

    Raises django.db.DatabaseError.
    """
    with connection.cursor() as cursor:
        cursor.execute(LACKING, [list(ROLES), *map(list, zip(*NEEDED, strict=True))])
        return sorted(what for (what,) in cursor.fetchall())


def grant() -> None:
    """Grant them what they need of the log and of everything in public; what they have already, they keep."""
    with connection.cursor() as cursor:
        cursor.execute(sqlfile.read("grants"))
