"""The log spread over many nodes by Citus: its events by trace, what leads to them on every node.

A fold, an append and a page of a call then ask one node for each trace. What is asked of all of them is the
list of work, the feed and what is made of it. Read models stay where they are: they are small beside the log.
"""

from django.db import connection

# Unique keys of these hold the column, and so are kept by each node for itself.
DISTRIBUTED = {"log.event": "trace_id", "log.head": "trace_id", "log.conflict": "trace_id"}
REFERENCE = ("log.call_key", "log.stream")  # a few rows a call, joined and looked up by every other id

KEYS = """
SELECT i.indrelid::regclass::text || ': ' || i.indexrelid::regclass::text
FROM unnest(%s::text[], %s::text[]) AS spread (name, by)
JOIN LATERAL (
  SELECT spread.name::regclass::oid AS table_id
  UNION ALL SELECT inhrelid FROM pg_inherits WHERE inhparent = spread.name::regclass
) AS tables ON true
JOIN pg_index i ON i.indrelid = tables.table_id AND i.indisunique
WHERE spread.by NOT IN (
  SELECT a.attname FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey))
ORDER BY 1
"""


def statements() -> list[str]:
    """What spreads the log: of a database that has the extension, by the owner of the tables."""
    first, *others = DISTRIBUTED
    return [
        "SET citus.enable_unsafe_triggers = on",  # the guard stands on every shard
        *(f"SELECT create_reference_table('{table}')" for table in REFERENCE),
        f"SELECT create_distributed_table('{first}', '{DISTRIBUTED[first]}')",
        *(
            f"SELECT create_distributed_table('{table}', '{DISTRIBUTED[table]}', colocate_with => '{first}')"
            for table in others
        ),
    ]


def is_there() -> bool:
    """Whether this database has Citus."""
    return bool(_rows("SELECT 1 FROM pg_extension WHERE extname = 'citus'"))


def is_spread() -> bool:
    """Whether the log is spread already. Only where Citus is there."""
    return bool(_rows("SELECT 1 FROM pg_dist_partition WHERE logicalrelid = 'log.event'::regclass"))


def keys_of_many_nodes() -> list[str]:
    """Unique keys, as `table: key`, that no node could keep for itself: Citus refuses them."""
    return [name for (name,) in _rows(KEYS, list(DISTRIBUTED), list(DISTRIBUTED.values()))]


def spread() -> None:
    """Spread the log, all of it or nothing. Raises django.db's errors."""
    with connection.cursor() as cursor:
        for statement in statements():
            cursor.execute(statement)


def _rows(statement: str, *parameters: list[str]) -> list[tuple[str]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters] or None)
        return list(cursor.fetchall())
