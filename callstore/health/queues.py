"""How many tasks wait for worker and fetcher."""

from django.conf import settings

from callstore.base.valkey import valkey


def waiting() -> dict[str, int]:
    """The tasks of each queue that nobody has taken yet. Raises redis.RedisError."""
    return {queue: valkey().llen(queue) for queue in settings.CELERY_TASK_QUEUES}
