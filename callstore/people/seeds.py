"""The views that every installation begins with: the team's, and nobody's."""

from typing import Any, NamedTuple


class Seed(NamedTuple):
    """A view to begin with."""

    slug: str
    name: str
    q: str
    since: str = ""


SEEDS = (
    Seed("clean-but-cut-off", "Clean but cut off", "is:truncated status:completed sip:200"),
    Seed("ai-silent-first", "AI silent first", "verdict:ai_silent_first"),
    Seed("no-ai-close-event", "No AI close event", "has:session no:ai_close -is:live"),
    Seed("sources-missing", "Sources missing", "no:[recording,transcript] -is:live"),
    Seed("live-now", "Live now", "is:live"),
    Seed("not-reviewed-24-h", "Not reviewed 24 h", "is:suspicious review:new", "-24h"),
    Seed("during-provider-incidents", "During provider incidents", "incident:*"),
)


def plant(model: Any) -> None:
    """Make the views to begin with, of a model of the table `saved_view`; one whose slug is there stays."""
    model.objects.bulk_create([model(**seed._asdict(), team=True) for seed in SEEDS], ignore_conflicts=True)
