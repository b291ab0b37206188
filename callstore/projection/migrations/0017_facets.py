from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"
BEFORE = (SQL / "0013_facets.up.sql").read_text().replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("projection", "0016_rare")]
    operations = [
        migrations.RunSQL(
            (SQL / "0017_facets.up.sql").read_text(),
            BEFORE + "\nDROP FUNCTION facet_fields(text[], integer[]);",
        ),
    ]
