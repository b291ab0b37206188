"""What the rooms above have to tell on /readyz beside the parts that decide it: who knows, registers here."""

from collections.abc import Callable
from typing import Any

# By its name in the answer; what is called gives something that JSON holds, or raises where it cannot know.
TOLD: dict[str, Callable[[], Any]] = {}
# The same, of what is known while the database is away.
ALWAYS_TOLD: dict[str, Callable[[], Any]] = {}
