from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingest", "0004_feed")]

    operations = [
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("subject", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("child", models.CharField(max_length=100, null=True)),
                ("parent", models.CharField(max_length=100, null=True)),
                ("offered_at", models.DateTimeField()),
                ("holder", models.UUIDField(null=True)),
                ("until", models.DateTimeField()),
                ("watched_at", models.DateTimeField(null=True)),
                ("connection", models.CharField(max_length=100, null=True)),
                ("over", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("over", False)), fields=["subject"], name="watches")
                ],
            },
        ),
    ]
