from django.db import migrations, models


class Migration(migrations.Migration):
    # Of no row a byte is written: those that have no outline are read from their documents until they are folded
    # again or rebuilt.
    dependencies = [("projection", "0014_pieces")]
    operations = [
        migrations.AddField("callrow", "outline", models.TextField(null=True)),
        migrations.AddField("callrow", "outline_version", models.BigIntegerField(null=True)),
    ]
