"""SQL kept in files that a database administrator can read."""

from pathlib import Path

from django.db.migrations import RunSQL

FOLDER = Path(__file__).parents[1] / "sql"


def read(name: str) -> str:
    """The text of sql/<name>.sql."""
    return (FOLDER / f"{name}.sql").read_text()


def migration(name: str) -> RunSQL:
    """The migration step whose two directions are sql/<name>.up.sql and sql/<name>.down.sql."""
    return RunSQL(read(f"{name}.up"), read(f"{name}.down"))
