import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

GUARD = """
CREATE FUNCTION people_only_grows() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'what people decided is added to and never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON people_decision
  FOR EACH ROW EXECUTE FUNCTION people_only_grows();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON people_bulk
  FOR EACH ROW EXECUTE FUNCTION people_only_grows();
"""
UNGUARD = """
DROP TRIGGER only_grows ON people_decision;
DROP TRIGGER only_grows ON people_bulk;
DROP FUNCTION people_only_grows();
"""
ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
MOMENT = models.DateTimeField(db_default=django.db.models.functions.datetime.Now())


def tags() -> "models.Field[list[str], list[str]]":
    return django.contrib.postgres.fields.ArrayField(models.TextField(), default=list)


class Migration(migrations.Migration):
    """Decisions about calls, and the acts upon many of which some were a part. Rows are only added."""

    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Bulk",
            fields=[
                ("id", ID),
                ("at", MOMENT),
                ("by", models.TextField()),
                ("action", models.JSONField()),
                ("calls", models.IntegerField()),
            ],
            options={"db_table": "people_bulk"},
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", ID),
                ("trace_id", models.UUIDField()),
                ("at", MOMENT),
                ("by", models.TextField()),
                ("was_state", models.TextField()),
                ("was_assignee", models.TextField(null=True)),
                ("was_tags", tags()),
                ("state", models.TextField()),
                ("assignee", models.TextField(null=True)),
                ("tags", tags()),
                ("vote", models.TextField(null=True)),
                ("verdict", models.TextField(null=True)),
                (
                    "bulk",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="people.bulk"
                    ),
                ),
            ],
            options={
                "db_table": "people_decision",
                "indexes": [models.Index(fields=["trace_id", "id"], name="decision_by_trace")],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
