from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingest", "0002_rejection_moments")]

    operations = [
        migrations.AddField("rejection", "looks_like", models.CharField(default="", max_length=20)),
        migrations.RemoveConstraint("rejection", "one_count_a_reason"),
        migrations.AddConstraint(
            "rejection",
            models.UniqueConstraint(
                fields=["door", "reason", "looks_like", "day"], name="one_count_a_reason"
            ),
        ),
    ]
