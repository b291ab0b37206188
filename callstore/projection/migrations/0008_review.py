from typing import Any

from django.db import migrations, models

ADDED: "dict[str, models.Field[Any, Any]]" = {
    "review_state": models.TextField(null=True, default="new"),
    "assignee": models.TextField(null=True),
    "reviewer": models.TextField(null=True),
    "agreed": models.IntegerField(default=0),
    "disagreed": models.IntegerField(default=0),
    "review_version": models.BigIntegerField(default=0),
}


class Migration(migrations.Migration):
    """What people decided, beside what follows from the facts. So far it is nothing, so no row is touched.

    The defaults stay, and a state may be null: an older worker writes none until the call is folded again.
    """

    dependencies = [("projection", "0007_backfill")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE call DROP COLUMN review_state, ALTER COLUMN tags SET DEFAULT '{}',"
            " ADD COLUMN review_state text DEFAULT 'new',"
            " ADD COLUMN assignee text, ADD COLUMN reviewer text,"
            " ADD COLUMN agreed integer NOT NULL DEFAULT 0, ADD COLUMN disagreed integer NOT NULL DEFAULT 0,"
            " ADD COLUMN review_version bigint NOT NULL DEFAULT 0",
            "ALTER TABLE call DROP COLUMN review_state, ADD COLUMN review_state text,"
            " ALTER COLUMN tags DROP DEFAULT, DROP COLUMN assignee, DROP COLUMN reviewer,"
            " DROP COLUMN agreed, DROP COLUMN disagreed, DROP COLUMN review_version",
            state_operations=[
                migrations.RemoveField("callrow", "review_state"),
                *(migrations.AddField("callrow", name, field) for name, field in ADDED.items()),
            ],
        ),
    ]
