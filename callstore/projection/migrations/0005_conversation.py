from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projection", "0004_ids"),
    ]

    operations = [
        migrations.AddField(
            model_name="callrow",
            name="response_time_p50_s",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="callrow",
            name="response_time_p95_s",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="callrow",
            name="longest_dead_air_s",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="callrow",
            name="talk_over_s",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="callrow",
            name="interruptions",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="callrow",
            name="caller_talk_share",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="callrow",
            name="numbers_basis",
            field=models.TextField(null=True),
        ),
    ]
