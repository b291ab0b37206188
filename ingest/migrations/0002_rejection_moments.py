from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingest", "0001_rejection")]

    operations = [
        migrations.AddField("rejection", "first_at", models.DateTimeField(null=True)),
        migrations.AddField("rejection", "last_at", models.DateTimeField(null=True)),
    ]
