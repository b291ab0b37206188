from typing import Any

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from callstore.people import seeds


def plant(apps: Any, schema_editor: Any) -> None:
    """Once: a view of these that somebody deletes is gone."""
    seeds.plant(apps.get_model("people", "SavedView"))


class Migration(migrations.Migration):
    dependencies = [("people", "0001_review"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.TextField(unique=True)),
                ("name", models.TextField()),
                ("q", models.TextField(default="")),
                ("sort", models.TextField(default="")),
                (
                    "cols",
                    django.contrib.postgres.fields.ArrayField(models.TextField(), default=list, size=None),
                ),
                ("since", models.TextField(default="")),
                ("until", models.TextField(default="")),
                ("team", models.BooleanField(default=False)),
                ("version", models.IntegerField(default=1)),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"db_table": "saved_view"},
        ),
        migrations.CreateModel(
            name="Star",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "view",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stars",
                        to="people.savedview",
                    ),
                ),
            ],
            options={
                "db_table": "saved_view_star",
                "constraints": [
                    models.UniqueConstraint(fields=("view", "person"), name="saved_view_star_once")
                ],
            },
        ),
        migrations.RunPython(plant, migrations.RunPython.noop),
    ]
