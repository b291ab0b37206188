"""Refusals as the doors count them."""

from datetime import UTC, datetime

from callstore.health.refusals import Refusal


def refusal(door, reason, *, count=1, looks_like="", remedy=""):
    since = datetime(2026, 4, 13, tzinfo=UTC)
    return Refusal(door, reason, count, since, since, remedy, looks_like)
