"""Whether the guard of the log stands: a trigger on every table, and no privilege that could change a row."""

from collections.abc import Iterator

from callstore.eventlog import sqlfile
from callstore.eventlog.statement import run

ROLE = "callstore_app"
ALL = ("UPDATE", "DELETE", "TRUNCATE")
# What each table refuses; event's partitions are found in the catalogue. Keys are destroyed, not deleted.
REFUSED = {
    **dict.fromkeys(("event", "stream", "conflict", "seal", "epoch"), ALL),
    "call_key": ("DELETE", "TRUNCATE"),
}
BITS = {
    "DELETE": 8,
    "UPDATE": 16,
    "TRUNCATE": 32,
}  # of pg_trigger.tgtype, where 2 is BEFORE and 1 FOR EACH ROW
TABLES = """
SELECT c.oid::bigint, c.relname::text, coalesce((
  SELECT bit_or(t.tgtype) FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgenabled = 'A' AND t.tgqual IS NULL
    AND t.tgfoid = 'log.refuse_change()'::regprocedure AND t.tgtype & 3 = 2 AND t.tgattr::text = ''), 0)
FROM pg_class c
WHERE c.relnamespace = 'log'::regnamespace AND c.relname = ANY(%s)
  OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'log.event'::regclass)
ORDER BY c.relname
"""
BODY = "SELECT prosrc FROM pg_proc WHERE oid = 'log.refuse_change()'::regprocedure"
ROLES = """
SELECT r.rolname::text, r.rolsuper FROM pg_roles r JOIN pg_roles app ON app.rolname = %s
WHERE r.oid = app.oid OR NOT r.rolsuper AND pg_has_role(r.oid, app.oid, 'USAGE')
  OR r.rolsuper AND r.oid IN (SELECT member FROM pg_auth_members WHERE roleid = app.oid)
"""
GRANTED = """
SELECT role, c.relname::text, verb, pg_has_role(role, c.relowner, 'MEMBER')
FROM pg_class c, unnest(%s::text[]) AS role, unnest(%s::text[]) AS verb
WHERE c.oid = ANY(%s::bigint[]::oid[])
  AND (pg_has_role(role, c.relowner, 'MEMBER') OR has_table_privilege(role, c.oid, verb)
    OR verb = 'UPDATE' AND has_any_column_privilege(role, c.oid, verb))
ORDER BY 1, 2, 3
"""


def doubts() -> Iterator[str]:
    """A line for each way in which a row of the log could be changed by accident or by the application."""
    tables = run(TABLES, [list(REFUSED)])
    [(body,)] = run(BODY, [])
    if body != sqlfile.read("0002_guard.up").split("$$")[1]:
        yield "log.refuse_change() is not the function that it was"
    for table in sorted(REFUSED.keys() - {name for _, name, _ in tables}):
        yield f"log.{table} is missing"
    for _, table, bits in tables:
        for verb in REFUSED.get(table, ALL):
            if not bits & BITS[verb]:
                yield f"log.{table}: no trigger refuses {verb}"
    yield from _privileges([oid for oid, _, _ in tables])


def _privileges(tables: list[int]) -> Iterator[str]:
    roles = run(ROLES, [ROLE])
    if not roles:
        yield f"the role {ROLE} is missing: what the application may do is not limited"
    for role, is_superuser in roles:
        if is_superuser:
            yield f"{role} is a superuser"
            continue
        for _, table, verb, owns in run(GRANTED, [[role], list(ALL), tables]):
            yield f"{role} {'owns' if owns else f'may {verb}'} log.{table}"
