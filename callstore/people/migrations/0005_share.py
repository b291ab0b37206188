import uuid

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Links by which one call's report may be read without a login."""

    dependencies = [("people", "0004_roles_and_tokens")]
    operations = [
        migrations.CreateModel(
            name="Share",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("digest", models.BinaryField(unique=True)),
                ("trace_id", models.UUIDField(db_index=True)),
                ("by", models.TextField()),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", models.TextField(null=True)),
                ("audio", models.BooleanField(default=False)),
                ("views", models.IntegerField(default=0)),
                ("viewed_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "people_share"},
        ),
    ]
