"""What the application's role may do beside the read models that are served, granted at each preparation."""

from pathlib import Path

from django.db import connection

SQL = Path(__file__).parent / "sql" / "grants.sql"


def grant() -> None:
    """Grant it what `rebuild` needs; what it has already, it keeps."""
    with connection.cursor() as cursor:
        cursor.execute(SQL.read_text())
