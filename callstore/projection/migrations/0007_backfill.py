from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projection", "0006_setting"),
    ]

    operations = [
        migrations.AddField(
            model_name="callrow",
            name="ask_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="callrow",
            index=models.Index(
                condition=models.Q(("ask_at__isnull", False)), fields=["ask_at"], name="call_ask"
            ),
        ),
    ]
