"""A call whose numbers are in its facts, its document and its deliveries."""

from dataclasses import replace
from urllib.parse import urlencode

from callstore.projection import projector, queries
from tests.projection.facts import keep, sid, status

CALLER, CALLED = "+81355501123", "+12025550917"


def a_call_with_numbers(caller: str = CALLER, called: str = CALLED) -> str:
    """The id of such a call, which two deliveries told."""
    leg = sid()
    raw = urlencode({"CallSid": leg, "From": caller, "To": called, "ForwardedFrom": caller}).encode()
    told = [
        replace(given, event=replace(given.event, caller=caller, called=called, direction="inbound"), raw=raw)
        for given in (status(leg, "in-progress"), status(leg, "completed", at=60))
    ]
    projector.project(keep(*told))
    found = queries.find(leg)
    assert found is not None
    return str(found["call_id"])
