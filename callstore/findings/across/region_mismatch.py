"""No accept of that hour found its call: the application asks another region's API (P26)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from callstore.findings.across.summary import Incident, Summary
from callstore.findings.rule import Finding

# A wrong host fails every call from the deploy on; an hour holds enough of them even on a quiet line.
WINDOW_S = 3600.0
LEAST = 3


def check(calls: Sequence[Summary], incidents: Sequence[Incident]) -> Iterator[tuple[str, Finding]]:
    times = [c.at for c in calls]
    for call in calls:
        if "region_mismatch" not in call.slugs:
            continue
        near = calls[bisect_left(times, call.at - WINDOW_S) : bisect_right(times, call.at + WINDOW_S)]
        lost = [c for c in near if "region_mismatch" in c.slugs]
        accepted = [c for c in near if c.accepted]
        if len(lost) < LEAST:
            continue
        finding = Finding(
            slug="region_mismatch",
            says=f"The accepts of {len(lost)} calls in that hour got 404 right after their webhooks; "
            + (f"those of {len(accepted)} did not." if accepted else "none succeeded."),
            certainty="consistent" if accepted else "shown",
            evidence=(),
            start=min(c.at for c in lost),
            end=max(c.at for c in lost),
            missing=("whether those that succeeded were asked elsewhere",) if accepted else (),
            calls=tuple(c.call_id for c in lost if c is not call),
        )
        yield call.call_id, finding
