"""Whether the guard of the log stands: a trigger on every table, and no privilege that could change a row."""

from collections.abc import Iterator

from callstore.eventlog.db import sqlfile
from callstore.eventlog.db.statement import run

ROLE = "callstore_app"
ALL = ("UPDATE", "DELETE", "TRUNCATE")
# What each table refuses; event's partitions are found in the catalogue. Keys are destroyed, then deleted.
REFUSED = {
    **dict.fromkeys(("event", "stream", "conflict", "seal", "epoch", "retirement", "retired"), ALL),
    "call_key": ("DELETE", "TRUNCATE"),
}
BITS = {
    "DELETE": 8,
    "UPDATE": 16,
    "TRUNCATE": 32,
}  # of pg_trigger.tgtype, where 2 is BEFORE and 1 FOR EACH ROW
# What leads to events: not DELETE itself is refused here, but each row that an event still needs.
LEADING = ["stream", "conflict", "call_key", "retired"]
FUNCTIONS = {
    "refuse_change": "0002_guard.up",
    "refuse_early_deletion": "0009_retirement.up",
    "is_vacant": "0009_retirement.up",
}
TABLES = """
SELECT c.oid::bigint, c.relname::text, coalesce((
  SELECT bit_or(t.tgtype) FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgenabled = 'A' AND t.tgqual IS NULL
    AND t.tgattr::text = '' AND (t.tgfoid = 'log.refuse_change()'::regprocedure AND t.tgtype & 3 = 2
      OR t.tgfoid = 'log.refuse_early_deletion()'::regprocedure AND t.tgtype & 3 = 3
        AND c.relname = ANY(%s))), 0)
FROM pg_class c
WHERE c.relnamespace = 'log'::regnamespace AND c.relname = ANY(%s)
  OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'log.event'::regclass)
ORDER BY c.relname
"""
BODIES = (
    "SELECT proname::text, prosrc FROM pg_proc WHERE pronamespace = 'log'::regnamespace AND proname = ANY(%s)"
)
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
# What shreds calls is the operator's alone.
OPERATOR = "callstore_operator"
SHREDDING = {"destroy_keys": "destroy keys", "rewrap_keys": "wrap keys anew"}
CALLABLE = """
SELECT p.proname::text FROM pg_proc p
WHERE p.pronamespace = 'log'::regnamespace AND p.proname = ANY(%s)
  AND has_function_privilege(%s, p.oid, 'EXECUTE')
  AND NOT EXISTS (SELECT FROM pg_roles o WHERE o.rolname = %s AND pg_has_role(%s, o.oid, 'USAGE'))
ORDER BY 1
"""


def doubts() -> Iterator[str]:
    """A line for each way in which a row of the log could be changed by accident or by the application."""
    tables = run(TABLES, [LEADING, list(REFUSED)])
    bodies = dict(run(BODIES, [list(FUNCTIONS)]))
    for name, file in FUNCTIONS.items():
        if bodies.get(name) != _body(file, name):
            yield f"log.{name}() is not the function that it was"
    for table in sorted(REFUSED.keys() - {name for _, name, _ in tables}):
        yield f"log.{table} is missing"
    for _, table, bits in tables:
        for verb in REFUSED.get(table, ALL):
            if not bits & BITS[verb]:
                yield f"log.{table}: no trigger refuses {verb}"
    yield from _privileges([oid for oid, _, _ in tables])


def _body(file: str, name: str) -> str:
    return sqlfile.read(file).partition(f"CREATE FUNCTION log.{name}(")[2].split("$$")[1]


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
        for (name,) in run(CALLABLE, [list(SHREDDING), role, OPERATOR, role]):
            yield f"{role} may {SHREDDING[name]}"
