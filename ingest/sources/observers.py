"""Who watches which sessions, by the leases."""

from django.db.models import Count, Max, Min

from callstore.health.observers import Observer
from ingest.models import Watch


def observers() -> list[Observer]:
    """The holders of sessions that are not over. Raises django.db.DatabaseError."""
    rows = (
        Watch.objects.filter(over=False)
        .values_list("holder")
        .annotate(Count("subject"), Min("offered_at"), Max("until"))
        .order_by("holder")
    )
    return [Observer(str(holder or ""), sessions, oldest, until) for holder, sessions, oldest, until in rows]
