from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan

UNPACKED = models.Q()
for name, most in {"agent_name": 40, "agent_version": 40, "ai_model": 40, "region": 20, "edge": 20}.items():
    UNPACKED |= models.Q(GreaterThan(Length(name), most)) | models.Q(**{name: ""})
    UNPACKED |= models.Q(**{f"{name}__regex": "[\x1e\x1f]"})


class Migration(migrations.Migration):
    atomic = False  # indexed while others read and write

    dependencies = [("projection", "0017_facets")]
    operations = [
        AddIndexConcurrently(
            "callrow", models.Index(fields=["call_id"], name="call_unpacked_names", condition=UNPACKED)
        ),
    ]
