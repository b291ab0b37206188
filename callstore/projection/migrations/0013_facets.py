from pathlib import Path

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from callstore.projection.packed import packed_facets

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    atomic = False  # indexed while others read and write

    dependencies = [("projection", "0012_related")]
    operations = [
        migrations.RunSQL(
            (SQL / "0013_facets.up.sql").read_text(), (SQL / "0013_facets.down.sql").read_text()
        ),
        migrations.AddField("callrow", "facets", packed_facets()),
        AddIndexConcurrently("callrow", models.Index(fields=["facets"], name="call_facets")),
        AddIndexConcurrently(
            "callrow",
            models.Index(fields=["started_at"], include=["ended_at", "facets"], name="call_facets_by_start"),
        ),
    ]
