"""What is older than RETENTION_DAYS goes once a day: `up` alone holds the address of the tables' owner."""

import subprocess
import time
from collections.abc import Mapping

from callstore.base.environment import working_dir
from callstore.local.processes import by_this_python, python

EVERY_S = 24 * 3600.0
AGAIN_S = 1800.0  # after a failure, such as a rebuild that is under way
COMMAND = by_this_python(python("retire_month", "--due"))


class Retention:
    """Runs the command at its first tick and daily, with the owner's environment. Off without a setting."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._next = time.monotonic() if environment.get("RETENTION_DAYS") else float("inf")
        self._running: subprocess.Popen[bytes] | None = None

    def tick(self) -> None:
        """Begin what is due. It says on our terminal what went; broken off, it is finished the next time."""
        if self._running and (status := self._running.poll()) is not None:
            self._running = None
            if status:
                self._next = time.monotonic() + AGAIN_S
        if self._running is None and time.monotonic() >= self._next:
            self._next = time.monotonic() + EVERY_S
            where = working_dir(self._environment["CALLSTORE_DATA_DIR"])
            self._running = subprocess.Popen(COMMAND, env=self._environment, cwd=where)

    def close(self) -> None:
        """Break off what runs."""
        if self._running:
            self._running.terminate()
            self._running.wait()
