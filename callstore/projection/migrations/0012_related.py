from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # indexed while others read and write

    dependencies = [("projection", "0011_changes")]
    operations = [
        AddIndexConcurrently("callrow", models.Index(fields=["caller", "started_at"], name="call_by_caller")),
        AddIndexConcurrently(
            "callrow",
            models.Index(
                fields=["cause", "started_at"],
                name="call_by_cause",
                condition=models.Q(cause__isnull=False),
            ),
        ),
        AddIndexConcurrently(
            "callrow",
            models.Index(
                fields=["agent_name", "agent_version", "started_at"],
                name="call_natural_ends",
                condition=models.Q(verdict="natural_end"),
            ),
        ),
    ]
