"""Calls that cannot be projected: tried again ever later, then set aside with their error until a replay."""

from collections.abc import Iterable
from uuid import UUID

from callstore.eventlog.heads import errors
from callstore.verdict.truncation import RULES_VERSION

MOST_ATTEMPTS = 5
UNDER = f" (rules {RULES_VERSION})"  # ends every error: other rules may do better


def park_killers(traces: Iterable[UUID]) -> None:
    """Park traces whose projection began too often and was never heard of again: their worker was killed."""
    errors.set_aside(traces, f"WorkerKilled {MOST_ATTEMPTS} times{UNDER}")


def free_what_other_rules_parked() -> int:
    """Let every trace be tried again that was parked under rules of another version; how many they are."""
    return errors.free_unless(UNDER)
