"""Writing a note of a call."""

from callstore.domain.facts.clock import unix
from callstore.domain.facts.silence import LONGEST_LEG_S
from callstore.report.document import Document
from callstore.requests import notes

LONGEST = 2_000  # characters
# Of a call as long as one can be set to last, and of what lies around it.
FIRST_S, LAST_S = -600.0, LONGEST_LEG_S + 3600.0
KNOWN_BY = ("parent_call_sid", "child_call_sid", "ai_call_id", "conference_sid")


class Unwritable(ValueError):
    """A note that cannot be written; the message says why."""


def write(call: Document, text: str, at_s: float | None, by: str) -> None:
    """Write a note of a call, about a second of it or, None, about all of it. Raises Unwritable.

    The moment is kept as a time of day: where the call begins may be learnt later.
    """
    text = text.replace("\0", "").strip()
    if not text or len(text) > LONGEST:
        raise Unwritable(f"A note has 1 to {LONGEST:,} characters.")
    if call.get("erased_at"):
        raise Unwritable("This call was erased: nothing personal is kept of it any more.")
    id = next((known for name in KNOWN_BY if isinstance(known := call.get(name), str)), None)
    if id is None:
        raise Unwritable("No leg and no AI session of this call is known that a note could be about.")
    began, about = call.get("started_at"), None
    if at_s is not None:
        if not FIRST_S <= at_s <= LAST_S:
            raise Unwritable("The moment does not lie beside this call.")
        if began is None:
            raise Unwritable("This call has no known beginning: write about the call as a whole.")
        about = unix(began) + round(at_s, 3)
    notes.write(notes.WriteNote(id=id, text=text, about=about, by=by))
