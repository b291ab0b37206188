from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

DECIDED = ["investigating", "confirmed", "not_suspicious", "resolved"]
INDEXES = (
    models.Index(
        fields=["review_state", "started_at", "call_id"],
        name="call_by_review",
        condition=Q(review_state__in=DECIDED),
    ),
    models.Index(
        fields=["assignee", "started_at", "call_id"],
        name="call_by_assignee",
        condition=Q(assignee__isnull=False),
    ),
    GinIndex(fields=["tags"], name="call_tags", condition=~Q(tags=[])),
    models.Index(fields=["verdict"], name="call_voted", condition=Q(agreed__gt=0) | Q(disagreed__gt=0)),
)


class Migration(migrations.Migration):
    atomic = False  # beside others who read and write

    dependencies = [("projection", "0008_review")]
    operations = [AddIndexConcurrently("callrow", index) for index in INDEXES]
