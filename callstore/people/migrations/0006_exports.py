import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

GUARD = """
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON people_export
  FOR EACH ROW EXECUTE FUNCTION people_only_grows();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON people_exported_call
  FOR EACH ROW EXECUTE FUNCTION people_only_grows();
"""
UNGUARD = """
DROP TRIGGER only_grows ON people_export;
DROP TRIGGER only_grows ON people_exported_call;
"""
MOMENT = models.DateTimeField(db_default=django.db.models.functions.datetime.Now())


class Migration(migrations.Migration):
    """Who took which calls away in a file. Rows are only added."""

    dependencies = [("people", "0005_share")]
    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False, default=uuid.uuid4)),
                ("at", MOMENT),
                ("by", models.TextField()),
                ("format", models.TextField()),
            ],
            options={"db_table": "people_export"},
        ),
        migrations.CreateModel(
            name="ExportedCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("trace_id", models.UUIDField()),
                ("at", MOMENT),
                (
                    "export",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.export"),
                ),
            ],
            options={
                "db_table": "people_exported_call",
                "indexes": [
                    models.Index(fields=["trace_id"], name="exported_by_trace"),
                    models.Index(fields=["at"], name="exported_by_time"),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
