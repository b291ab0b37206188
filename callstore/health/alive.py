"""`python -m callstore.health.alive NAME`: exits 1 unless that process said in time that it lives.

For the health checks of containers. It starts in a third of a second, without Django, and needs no secret but
REDIS_URL.
"""

import sys

from redis import RedisError

from callstore.base.environment import Environment
from callstore.base.heartbeat import key
from callstore.base.valkey import client


def main(name: str) -> None:
    """Exit with what is wrong, if anything is."""
    try:
        with client(Environment().str("REDIS_URL", "redis://127.0.0.1:6379/0")) as valkey:
            lives = valkey.exists(key(name))
    except RedisError as error:
        sys.exit(f"Valkey does not answer: {error}")
    if not lives:
        sys.exit(f"{name} is silent")


if __name__ == "__main__":
    main(sys.argv[1])
