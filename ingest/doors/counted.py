"""What the doors of this process answered and refused since it started, for /metrics."""

from functools import cache

from prometheus_client import Counter

from callstore.health.figures import REGISTRY
from ingest.providers.provider import discovered

RESULTS = ("taken", "refused", "malformed", "sent_back", "fault", "broken_off")
# 400 is of a body that was broken off: who left looks like who sent chunks that are none.
_BY_STATUS = {None: "broken_off", 400: "broken_off", 403: "refused", 500: "fault", 503: "sent_back"}
_deliveries = Counter(
    "callstore_deliveries", "Requests at the doors, by answer.", ("door", "result"), registry=REGISTRY
)
_refusals = Counter(
    "callstore_refusals", "Deliveries that were not believed, by why.", ("door", "reason"), registry=REGISTRY
)


def start() -> None:
    """Begin every count at nought, so that the first of each is seen as one more."""
    for door in discovered():
        for result in RESULTS:
            _deliveries.labels(door, result)


def answered(door: str, status: int | None) -> None:
    """Count an answer; None where the sender was gone before it."""
    _count(door, status).inc()


@cache  # to find one by its labels takes longer than to count
def _count(door: str, status: int | None) -> Counter:
    is_taken = status is not None and status < 300
    return _deliveries.labels(door, "taken" if is_taken else _BY_STATUS.get(status, "malformed"))


def refused(door: str, reason: str) -> None:
    """Count a refusal; `reason` is one of few."""
    _refusals.labels(door, reason).inc()
