"""How the status feeds do, for /readyz and whoever shows it."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from callstore.domain.facts.clock import iso
from ingest.models import Feed

QUIET = timedelta(minutes=10)  # several rounds


def told() -> dict[str, str]:
    """Of each feed, by its address: `ok`, or what is wrong with it and since when. Raises DatabaseError."""
    rows = {row.url: row for row in Feed.objects.order_by("url").defer("listed")}
    now = datetime.now(UTC)
    waiting = {name(url): "not asked yet" for url in settings.STATUS_FEEDS if url not in rows}
    return {name(row.url): _said(row, now) for row in rows.values()} | waiting


def name(url: str) -> str:
    """The address without what may be secret in it: user, password and query."""
    parts = urlsplit(url)
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}"


def _said(row: Feed, now: datetime) -> str:
    if row.failed_at is not None:
        return f"{row.error} (since {iso(row.failed_at.timestamp())})"
    if now - row.checked_at > QUIET:
        return f"not asked since {iso(row.checked_at.timestamp())}"
    return f"ok; {row.note}" if row.note else "ok"
