import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
MADE = models.DateTimeField(db_default=django.db.models.functions.datetime.Now())


class Migration(migrations.Migration):
    """The roles of people, who they are for a provider of logins, and tokens."""

    dependencies = [("people", "0003_audit"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Token",
            fields=[
                ("id", ID),
                ("name", models.TextField()),
                ("scope", models.TextField()),
                ("digest", models.TextField(unique=True)),
                ("prefix", models.TextField()),
                ("made_by", models.TextField()),
                ("made_at", MADE),
                ("expires_at", models.DateTimeField(null=True)),
                ("last_used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "people_token"},
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="membership",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("role", models.TextField()),
            ],
            options={"db_table": "people_membership"},
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", ID),
                ("issuer", models.TextField()),
                ("subject", models.TextField()),
                ("made_at", MADE),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="identities",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "people_identity",
                "constraints": [
                    models.UniqueConstraint(fields=["issuer", "subject"], name="people_identity_once")
                ],
            },
        ),
    ]
