"""Calls failed on the AI's side together, or while a status page reported trouble (P21)."""

from collections.abc import Iterator, Sequence

from callstore.findings.cross_call.summary import Incident, Summary, overlapping
from callstore.findings.cross_call.window import TimeWindow
from callstore.findings.rule import Finding

# Calls this far apart can be of one incident; the field guide looks for traces within ten minutes.
WINDOW_S = 600.0
LEAST = 3
# A busy site has three failures in any ten minutes: they must be a part of its calls that it never sees.
SHARE = 0.3


def find(calls: Sequence[Summary], incidents: Sequence[Incident]) -> Iterator[tuple[str, Finding]]:
    every, failed = TimeWindow(calls), TimeWindow(c for c in calls if c.failed)
    refused = TimeWindow(c for c in failed.calls if c.refused)
    for call in failed.calls:
        near, of = failed.within(call.at, WINDOW_S), len(every.within(call.at, WINDOW_S))
        many = len(near) >= LEAST and len(near) >= SHARE * of
        overlap = overlapping(call, incidents)
        if many or overlap:
            says = [f"{len(near)} of {of} calls within ten minutes failed on the AI's side."] if many else []
            says += _answers(call, refused) if many else _answers(call, TimeWindow([call]))
            says += [f"{i.provider} reported “{i.title}” at the time; overlap is not cause." for i in overlap]
            start, end = failed.lasting(near) if many else (call.at, call.at)
            yield (
                call.call_id,
                Finding(
                    slug="provider_incident",
                    says=" ".join(says),
                    certainty="consistent",
                    evidence=(),
                    start=start,
                    end=end,
                    missing=() if overlap else ("an incident on the provider's status page",),
                    calls=failed.others(call, near) if many else (),
                ),
            )


def _answers(call: Summary, refused: TimeWindow) -> list[str]:
    closest = refused.closest(call.at, refused.within(call.at, WINDOW_S))
    statuses = sorted({status for c in closest for status in c.refused})
    listed = ", ".join(map(str, statuses))
    return [f"OpenAI answered calls of ours with {listed}."] if statuses else []
