from django.db import migrations, models


class Migration(migrations.Migration):
    # No row is written: one without an outline is read from its document until it is folded again or rebuilt.
    dependencies = [("projection", "0014_pieces")]
    operations = [
        migrations.AddField("callrow", "outline", models.TextField(null=True)),
        migrations.AddField("callrow", "outline_version", models.BigIntegerField(null=True)),
    ]
