"""No accept of that hour found its call: the application asks another region's API (P26)."""

from collections.abc import Iterator, Sequence

from callstore.findings.cross_call.summary import Incident, Summary
from callstore.findings.cross_call.window import TimeWindow
from callstore.findings.rule import Finding

# A wrong host fails every call from the deploy on; an hour holds enough of them even on a quiet line.
WINDOW_S = 3600.0
LEAST = 3


def find(calls: Sequence[Summary], incidents: Sequence[Incident]) -> Iterator[tuple[str, Finding]]:
    lost = TimeWindow(c for c in calls if "region_mismatch" in c.slugs)
    accepted = TimeWindow(c for c in calls if c.accepted)
    for call in lost.calls:
        near, taken = lost.within(call.at, WINDOW_S), len(accepted.within(call.at, WINDOW_S))
        if len(near) < LEAST:
            continue
        start, end = lost.lasting(near)
        yield (
            call.call_id,
            Finding(
                slug="region_mismatch",
                says=f"The accepts of {len(near)} calls in that hour got 404 right after their webhooks; "
                + (f"those of {taken} did not." if taken else "none succeeded."),
                certainty="consistent" if taken else "shown",
                evidence=(),
                start=start,
                end=end,
                missing=("whether those that succeeded were asked elsewhere",) if taken else (),
                calls=lost.others(call, near),
            ),
        )
