"""What our roles may do is the same however late it was made."""

import pytest

from callstore.eventlog.db import grants
from callstore.projection import grants as beside
from tests.eventlog.tampering import sql

pytestmark = pytest.mark.django_db

HELD = """
SELECT kind, name, a.privilege_type FROM (
  SELECT 'schema', nspname::text, nspacl FROM pg_namespace
  UNION ALL SELECT relkind::text, oid::regclass::text, relacl FROM pg_class
  UNION ALL SELECT 'function', oid::regprocedure::text, proacl FROM pg_proc
  UNION ALL SELECT 'default', concat(defaclobjtype, defaclnamespace::regnamespace), defaclacl
  FROM pg_default_acl
) AS held (kind, name, acl), aclexplode(acl) AS a
WHERE a.grantee IN ('callstore_app'::regrole, 'callstore_operator'::regrole)
ORDER BY 1, 2, 3, a.grantee
"""


def test_what_a_role_lacks_is_named_whatever_it_may_see():
    assert grants.lacking() == []
    sql("CREATE ROLE bare_role")
    sql("SET ROLE bare_role")
    try:
        wanted = [f"{right} on {schema}.{table}" for schema, table, right in grants.NEEDED]
        assert grants.lacking() == sorted(wanted)
    finally:
        sql("RESET ROLE")


def test_grants_applied_anew_are_those_that_migrations_made():
    migrated = sql(HELD)
    assert len(migrated) > 50
    sql("DROP OWNED BY callstore_app, callstore_operator")
    assert sql(HELD) == []
    for _ in range(2):
        grants.ensure_roles()
        grants.grant()
        beside.grant()
        assert sql(HELD) == migrated
