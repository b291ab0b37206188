from django.db import migrations, models

TEXTS = (
    "topology",
    "conference_sid",
    "stream_sid",
    "ai_model",
    "agent_name",
    "agent_version",
    "region",
    "edge",
)


class Migration(migrations.Migration):
    """How a call was set up. The columns are empty until a call is projected again; `rebuild` fills them."""

    dependencies = [("projection", "0005_conversation")]
    operations = [migrations.AddField("callrow", name, models.TextField(null=True)) for name in TEXTS]
