import django.db.models.functions.datetime
from django.db import migrations, models

GUARD = """
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON people_audit
  FOR EACH ROW EXECUTE FUNCTION people_only_grows();
"""
UNGUARD = "DROP TRIGGER only_grows ON people_audit;"


class Migration(migrations.Migration):
    """Who did what that others may ask about later. Rows are only added."""

    dependencies = [("people", "0002_saved_views")]
    operations = [
        migrations.CreateModel(
            name="Audit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("by", models.TextField()),
                ("address", models.TextField(default="")),
                ("action", models.TextField()),
                ("call_id", models.UUIDField(null=True)),
                ("what", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "people_audit",
                "indexes": [
                    models.Index(fields=["by", "id"], name="audit_by_actor"),
                    models.Index(fields=["action", "id"], name="audit_by_action"),
                    models.Index(fields=["call_id", "id"], name="audit_by_call"),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
