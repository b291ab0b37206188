"""What the doctor found as text for a terminal."""

from collections.abc import Iterator
from textwrap import fill, indent

from callstore.doctor.doctor import Look, LookedAt
from callstore.doctor.examination import Diagnosis

WIDTH = 110
SHOWN = 3  # events in a line; --json has them all


def text(look: Look) -> str:
    """A paragraph a finding, and where it was looked for."""
    parts = [_told(diagnosis) for diagnosis in look.found] or ["Nothing is wrong."]
    return "\n\n".join([*parts, fill(_looked(look.looked_at), WIDTH)]) + "\n"


def _told(diagnosis: Diagnosis) -> str:
    return "\n".join(_lines(diagnosis))


def _lines(diagnosis: Diagnosis) -> Iterator[str]:
    why, events, paste = diagnosis.symptom
    yield f"{diagnosis.severity.upper():8}{diagnosis.key}: {diagnosis.title}"
    yield _indented(why)
    if events:
        shown = ", ".join(f"{position} of {call}" for position, call in events[:SHOWN])
        more = f" and {len(events) - SHOWN} more" if len(events) > SHOWN else ""
        yield _indented(f"Events: {shown}{more}")
    yield indent(paste, " " * 12)


def _indented(said: str) -> str:
    space = " " * 8
    return fill(said, WIDTH, initial_indent=space, subsequent_indent=space, break_on_hyphens=False)


def _looked(at: LookedAt) -> str:
    whole = (
        f"Looked at {at['calls']} calls ({at['facts']:,} facts) of which something came since {at['since']},"
        f" with {at['examinations']} examinations."
    )
    left = "" if at["complete"] else " These are the newest; older ones were not read: the sample is bounded."
    long = f" {at['too_long']} calls were too long to be read." if at["too_long"] else ""
    return whole + left + long
