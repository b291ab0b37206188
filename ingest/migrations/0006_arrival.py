from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingest", "0005_watch")]

    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "source",
                        "slot",
                        "late",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("source", models.CharField(max_length=60)),
                ("slot", models.DateTimeField()),
                ("late", models.SmallIntegerField()),
                ("count", models.BigIntegerField()),
                ("unknown", models.BigIntegerField()),
                ("last_at", models.DateTimeField()),
            ],
        ),
    ]
