"""Calls failed on the AI's side together, or while a status page reported trouble (P21)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from callstore.findings.across.summary import Incident, Summary
from callstore.findings.rule import Finding

# Calls this far apart can be of one incident; the field guide looks for traces within ten minutes.
WINDOW_S = 600.0
LEAST = 3
# A busy site has three failures in any ten minutes: they must be a part of its calls that it never sees.
SHARE = 0.3


def check(calls: Sequence[Summary], incidents: Sequence[Incident]) -> Iterator[tuple[str, Finding]]:
    times = [c.at for c in calls]
    for call in calls:
        if not call.failed:
            continue
        near = calls[bisect_left(times, call.at - WINDOW_S) : bisect_right(times, call.at + WINDOW_S)]
        failed = [c for c in near if c.failed]
        many = len(failed) >= LEAST and len(failed) >= SHARE * len(near)
        overlap = [i for i in incidents if i.start <= call.at and (i.end is None or call.at <= i.end)]
        if many or overlap:
            yield call.call_id, _finding(call, failed if many else [call], len(near), overlap)


def _finding(call: Summary, failed: list[Summary], of: int, overlap: list[Incident]) -> Finding:
    says = []
    if len(failed) >= LEAST:
        says.append(f"{len(failed)} of {of} calls within ten minutes failed on the AI's side.")
    refused = sorted({status for c in failed for status in c.refused})
    if refused:
        says.append(f"OpenAI answered calls of ours with {', '.join(map(str, refused))}.")
    says += [f"{i.provider} reported “{i.title}” at the time; overlap is not cause." for i in overlap]
    return Finding(
        slug="provider_incident",
        says=" ".join(says),
        certainty="consistent",
        evidence=(),
        start=min(c.at for c in failed),
        end=max(c.at for c in failed),
        missing=() if overlap else ("an incident on the provider's status page",),
        calls=tuple(c.call_id for c in failed if c is not call),
    )
