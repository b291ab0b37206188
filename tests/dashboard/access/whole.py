"""A call whose numbers are in its facts, its document and its deliveries."""

from dataclasses import replace

from callstore.projection import projector, queries
from tests.projection.facts import keep, sid, status

CALLER, CALLED = "+81355501123", "+12025550917"


def a_call_with_numbers() -> str:
    """The id of such a call, which two deliveries told."""
    leg = sid()
    raw = f"CallSid={leg}&From=%2B{CALLER[1:]}&To=%2B{CALLED[1:]}".encode()
    told = [
        replace(given, event=replace(given.event, caller=CALLER, called=CALLED, direction="inbound"), raw=raw)
        for given in (status(leg, "in-progress"), status(leg, "completed", at=60))
    ]
    projector.project(keep(*told))
    found = queries.find(leg)
    assert found is not None
    return str(found["call_id"])
