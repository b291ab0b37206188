from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingest", "0003_rejection_looks_like")]

    operations = [
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("url", models.TextField(primary_key=True, serialize=False)),
                ("checked_at", models.DateTimeField()),
                ("ok_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("error", models.TextField(default="")),
                ("note", models.TextField(default="")),
                ("etag", models.TextField(default="")),
                ("modified", models.TextField(default="")),
                ("listed", models.JSONField(default=dict)),
            ],
        ),
    ]
